#pragma once
#include "base/time.h"
#include <deque>
#include <string>

namespace cho40::sandbox {

// One message that left or came in, with its answer. Invented people only: bodies may be kept.
struct CallEntry {
    Instant at;
    std::string direction;  // "sent" or "received"
    std::string kind;       // rail name, "tvan", "portal"
    std::string about;      // bank reference, transaction, dossier
    std::string where;      // URL or path
    int attempt = 1;
    int status = 0;         // 0: no answer
    std::int64_t took_ms = 0;
    std::string request;    // cut to text_bytes_max
    std::string answer;
};

// The last messages, newest first.
class CallLog {
public:
    static constexpr std::size_t entries_max = 2000;
    static constexpr std::size_t text_bytes_max = 2048;

    void add(CallEntry entry)
    {
        cut(entry.request);
        cut(entry.answer);
        entries_.push_front(std::move(entry));
        if (entries_.size() > entries_max) entries_.pop_back();
    }
    void clear() { entries_.clear(); }
    [[nodiscard]] std::deque<CallEntry> const& entries() const { return entries_; }

private:
    static void cut(std::string& text)
    {
        if (text.size() > text_bytes_max) text.resize(text_bytes_max);
    }
    std::deque<CallEntry> entries_;
};

}  // namespace cho40::sandbox
