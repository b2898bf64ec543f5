#pragma once
#include "ledger/command.h"
#include <map>
#include <string>

namespace cho40::chaos {

// One command as it is written down before it is sent: a number of the poster's own and the transfers.
struct Asked {
    std::int64_t number = 0;
    std::vector<ledger::Transfer> transfers;
};

struct Answered {
    bool accepted = false;
    std::int64_t last_seq = 0;  // when it was accepted
};

// What a poster asked for and what it was answered, in two files that outlive it: NAME.asked is written before a command is
// sent, NAME.answered before anything is done with its answer. A line that was cut off by a kill has no end mark and does
// not count; so what stands in NAME.answered was answered, and what stands in neither was never sent.
//
//   NAME.asked     number id kind debit credit amount code reference event_at(µs) pending timeout(s) .     (a line a transfer)
//   NAME.answered  number ok|error-code last_seq new|again .
class Record {
public:
    Record(std::string const& folder, std::string const& name);
    ~Record();
    Record(Record const&) = delete;
    Record& operator=(Record const&) = delete;

    [[nodiscard]] std::int64_t next_number() { return ++last_number_; }
    void ask(std::vector<Asked> const& commands);
    void answer(std::vector<Asked> const& commands, std::vector<Result<ledger::Receipt>> const& answers);

    [[nodiscard]] std::vector<Asked> unanswered() const;
    [[nodiscard]] std::map<std::int64_t, Asked> const& asked() const { return asked_; }
    [[nodiscard]] std::map<std::int64_t, Answered> const& answered() const { return answered_; }

private:
    void read_asked(std::string const& path);
    void read_answered(std::string const& path);

    int asked_file_;
    int answered_file_;
    std::int64_t last_number_ = 0;
    std::map<std::int64_t, Asked> asked_;
    std::map<std::int64_t, Answered> answered_;
};

// What a poster cannot know yet: whoever was answered so has to ask again.
[[nodiscard]] bool is_undecided(Errc code);

}  // namespace cho40::chaos
