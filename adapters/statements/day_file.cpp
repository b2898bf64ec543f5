#include "adapters/statements/day_file.h"
#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/provider_file.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <charconv>

namespace cho40::statements {
namespace {

std::string at(std::int64_t line) { return "line " + std::to_string(line); }

int line_of(std::string_view pointer)
{
    int line = 0;
    if (pointer.starts_with("line ")) std::from_chars(pointer.data() + 5, pointer.data() + pointer.size(), line);
    return line;
}

tl::unexpected<Error> other_day(Day is, Day expected, std::int64_t line)
{
    return fail(Error(Errc::invalid_date, "the file is of " + is.to_string() + ", not of " + expected.to_string(), at(line))
                    .vi("Tệp của ngày " + is.to_vietnamese() + ", không phải ngày " + expected.to_vietnamese() + "."));
}

Result<DayFile> read_provider(DayFileFacts const& facts, std::string_view bytes)
{
    DayFile out;
    if (auto const nul = bytes.find('\0'); nul != bytes.npos) {  // no database keeps such a text, and no provider means it
        auto const line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
        return fail(Errc::invalid_csv, "the file holds a NUL byte", at(line));
    }
    auto read = read_provider_file(bytes);
    if (!read) {
        if (read.error().code != Errc::file_integrity) return tl::unexpected<Error>(std::move(read).error());
        out.damage_line = line_of(read.error().pointer);
        out.file.damage = read.error().detail;
        return out;
    }
    if (read->business_date && *read->business_date != facts.day)
        return other_day(*read->business_date, facts.day, read->lines.empty() ? 1 : 2);
    reconcile::Sum sum;
    for (auto const& line : read->lines) {
        if (line.business_date != facts.day) return other_day(line.business_date, facts.day, out.lines + 2);
        ++out.lines;
        if (line.status == reconcile::LineStatus::success) sum.add(reconcile::signed_amount(line.kind, line.amount));
    }
    CHO_TRY(out.sum, sum.total());
    out.file.provider = std::move(read->lines);
    return out;
}

Result<DayFile> read_bank(DayFileFacts const& facts, std::string_view bytes)
{
    CHO_TRY(auto day, read_bank_day(bytes));
    if (day.message.type != "camt.053")
        return fail(Errc::statement_missing, "a " + day.message.type + " message is not an end-of-day statement", at(1));
    for (auto const& statement : day.statements) {
        if (facts.accounts.contains(statement.account)) continue;
        return fail(
            Error(Errc::unknown_receiving_account, "the statement is of an account that is not one of this partner's", at(statement.line))
                .vi("Sao kê của tài khoản không thuộc đối tác này."));
    }
    auto const line = day.statements.front().line;
    if (!day.last_day) return fail(Errc::invalid_date, "the statement does not say which day it covers", at(line));
    if (*day.last_day != facts.day) return other_day(*day.last_day, facts.day, line);
    DayFile out;
    reconcile::Sum sum;
    for (auto const& entry : day.entries) {
        ++out.lines;
        sum.add(reconcile::signed_amount(entry.direction, entry.amount));
    }
    CHO_TRY(out.sum, sum.total());
    out.file.parties = std::move(day.accounts);
    out.file.bank = std::move(day.entries);
    out.file.balances = std::move(day.balances);
    out.file.damage = std::move(day.damage);
    return out;
}

}  // namespace

Result<DayFile> read_day_file(DayFileFacts const& facts, std::string_view bytes)
{
    auto read = facts.side == reconcile::Side::bank ? read_bank(facts, bytes) : read_provider(facts, bytes);
    if (read) {
        read->file.side = facts.side;
        read->file.business_date = facts.day;
    }
    return read;
}

}  // namespace cho40::statements
