#include "apps/service/ledger_groups.h"
#include <algorithm>
#include <map>

namespace cho40::service {

using boost::asio::awaitable;
using ledger::Command;
using ledger::Receipt;

namespace {

std::vector<Result<Receipt>> all_of(std::size_t count, Error const& error)
{
    std::vector<Result<Receipt>> answers;
    for (std::size_t i = 0; i < count; ++i) answers.push_back(fail(error));
    return answers;
}

}  // namespace

awaitable<Result<std::string>> LedgerGroups::group_of(ledger::BookId book)
{
    CHO_CO_TRY(auto facts, co_await books_.find(book));
    co_return facts ? std::move(facts->writer_group) : own_group_;
}

awaitable<Result<Receipt>> LedgerGroups::submit(Command command)
{
    std::vector<Command> one;
    one.push_back(std::move(command));
    auto answers = co_await submit_all(std::move(one));
    co_return std::move(answers[0]);
}

awaitable<std::vector<Result<Receipt>>> LedgerGroups::submit_all(std::vector<Command> commands)
{
    // Nearly always all are of one book: then they go as they are.
    auto const of_one_book = [&] { return std::ranges::all_of(commands, [&](auto const& c) { return c.book == commands[0].book; }); };
    if (!commands.empty() && of_one_book()) {
        auto group = co_await group_of(commands[0].book);
        if (!group) co_return all_of(commands.size(), group.error());
        co_return co_await submit_to(*std::move(group), std::move(commands));
    }
    struct Part {
        std::vector<Command> commands;
        std::vector<std::size_t> places;
    };
    std::map<std::string, Part> parts;
    std::vector<std::optional<Result<Receipt>>> found(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
        auto const group = co_await group_of(commands[i].book);
        if (!group) {
            found[i] = fail(group.error());
            continue;
        }
        auto& part = parts[*group];
        part.commands.push_back(std::move(commands[i]));
        part.places.push_back(i);
    }
    for (auto& [group, part] : parts) {
        auto answers = co_await submit_to(group, std::move(part.commands));
        for (std::size_t i = 0; i < part.places.size(); ++i) found[part.places[i]] = std::move(answers[i]);
    }
    Answers answers;
    answers.reserve(found.size());
    for (auto& answer : found) answers.push_back(*std::move(answer));
    co_return answers;
}

awaitable<LedgerGroups::Answers> LedgerGroups::submit_to(std::string group, std::vector<Command> commands)
{
    if (group == own_group_) co_return co_await own_.submit_all(std::move(commands));
    auto const count = commands.size();
    auto const pulse = co_await stores::PulseStore(pool_, group).read();
    if (!pulse) co_return all_of(count, pulse.error());
    if (!*pulse || (*pulse)->resting || (*pulse)->address.empty()) {
        co_return all_of(count, Error(Errc::writer_lost, "no instance of group " + group + " can be reached at the moment; try again"));
    }
    api::RemoteLedger writer(client_, key_, row_writers_, clock_, (*pulse)->address);
    co_return co_await writer.submit_all(std::move(commands));
}

}  // namespace cho40::service
