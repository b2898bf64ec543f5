#include "tests/chaos/record.h"
#include "base/check.h"
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace cho40::chaos {
namespace {

// Opened for appending, after the end of whatever line a kill has cut off.
int open_file(std::string const& path)
{
    int const file = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    CHO_CHECK(file >= 0);
    char last = '\n';
    auto const size = lseek(file, 0, SEEK_END);
    if (size > 0) CHO_CHECK(pread(file, &last, 1, size - 1) == 1);
    if (last != '\n') CHO_CHECK(write(file, "\n", 1) == 1);
    return file;
}

void append(int file, std::string_view text)
{
    while (!text.empty()) {
        auto const written = write(file, text.data(), text.size());
        CHO_CHECK(written > 0);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    CHO_CHECK(fdatasync(file) == 0);
}

template <class Take>
void for_each_whole_line(std::string const& path, Take take)
{
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        if (!line.ends_with(" .")) continue;
        std::istringstream fields(line);
        take(fields);
    }
}

Uuid read_uuid(std::istream& in)
{
    std::string text;
    in >> text;
    auto const id = Uuid::from_string(text);
    CHO_CHECK(id.has_value());
    return *id;
}

std::string line_of(std::int64_t number, ledger::Transfer const& t)
{
    return fmt::format("{} {} {} {} {} {} {} {} {} {} {} .\n", number, t.id.uuid.to_string(), static_cast<int>(t.kind), t.debit.value,
                       t.credit.value, t.amount.count(), static_cast<int>(t.code), t.reference, t.event_at.time_since_epoch().count(),
                       t.pending.uuid.to_string(), t.timeout.count());
}

}  // namespace

bool is_undecided(Errc code) { return code == Errc::writer_lost || code == Errc::unavailable || code == Errc::queue_full; }

Record::Record(std::string const& folder, std::string const& name)
    : asked_file_(open_file(folder + "/" + name + ".asked")), answered_file_(open_file(folder + "/" + name + ".answered"))
{
    read_asked(folder + "/" + name + ".asked");
    read_answered(folder + "/" + name + ".answered");
}

Record::~Record()
{
    close(asked_file_);
    close(answered_file_);
}

void Record::read_asked(std::string const& path)
{
    for_each_whole_line(path, [this](std::istream& in) {
        std::int64_t number = 0, amount = 0, event_at = 0, timeout = 0;
        int kind = 0, code = 0;
        ledger::Transfer t;
        in >> number;
        t.id = Id<ledger::Transfer>(read_uuid(in));
        in >> kind >> t.debit.value >> t.credit.value >> amount >> code >> t.reference >> event_at;
        t.pending = Id<ledger::Transfer>(read_uuid(in));
        in >> timeout;
        CHO_CHECK(static_cast<bool>(in));
        t.kind = static_cast<ledger::TransferKind>(kind);
        t.amount = Dong(amount);
        t.code = static_cast<ledger::TransferCode>(code);
        t.event_at = Instant(std::chrono::microseconds(event_at));
        t.timeout = std::chrono::seconds(timeout);
        auto& command = asked_[number];
        command.number = number;
        command.transfers.push_back(std::move(t));
        last_number_ = std::max(last_number_, number);
    });
}

void Record::read_answered(std::string const& path)
{
    for_each_whole_line(path, [this](std::istream& in) {
        std::int64_t number = 0;
        std::string how;
        Answered answer;
        in >> number >> how >> answer.last_seq;
        CHO_CHECK(static_cast<bool>(in));
        answer.accepted = how == "ok";
        answered_.emplace(number, answer);
    });
}

void Record::ask(std::vector<Asked> const& commands)
{
    std::string lines;
    for (auto const& command : commands) {
        for (auto const& transfer : command.transfers) lines += line_of(command.number, transfer);
        asked_.emplace(command.number, command);
    }
    append(asked_file_, lines);
}

void Record::answer(std::vector<Asked> const& commands, std::vector<Result<ledger::Receipt>> const& answers)
{
    // A command may be in there twice: accepted once is accepted, and one that may yet turn out to be is not refused.
    enum class How { refused, undecided, accepted };
    std::map<std::int64_t, std::pair<How, std::size_t>> best;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        auto const how = answers[i] ? How::accepted : is_undecided(answers[i].error().code) ? How::undecided : How::refused;
        auto const [it, is_new] = best.emplace(commands[i].number, std::pair(how, i));
        if (!is_new && it->second.first < how) it->second = {how, i};
    }
    std::string lines;
    for (auto const& [number, found] : best) {
        auto const& [how, i] = found;
        if (how == How::undecided) continue;
        auto const& answer = answers[i];
        answered_.emplace(number, Answered{answer.has_value(), answer ? answer->last_seq : 0});
        if (answer) lines += fmt::format("{} ok {} {} .\n", number, answer->last_seq, answer->replayed ? "again" : "new");
        else lines += fmt::format("{} {} 0 new .\n", number, errc_name(answer.error().code));
    }
    append(answered_file_, lines);
}

std::vector<Asked> Record::unanswered() const
{
    std::vector<Asked> rest;
    for (auto const& [number, command] : asked_) {
        if (!answered_.contains(number)) rest.push_back(command);
    }
    return rest;
}

}  // namespace cho40::chaos
