#include "reconcile/file_register.h"
#include <gtest/gtest.h>

namespace cho40::reconcile {
namespace {

Instant local(char const* text) { return *parse_local_time(text); }

ImportedFile provider_file(char const* bytes, int revision = 1, unsigned day = 16, char const* received = "2026-11-17 09:00:00")
{
    ImportedFile file;
    file.side = Side::provider;
    file.name = std::string("provider-") + bytes;
    file.digest = sha256(bytes);
    file.business_date = Day::from(2026, 11, day);
    file.revision = revision;
    file.received_at = local(received);
    return file;
}

ProviderLine line(std::int64_t number, char const* txn, int amount, int fee)
{
    ProviderLine l;
    l.file_id = "F";
    l.line_no = number;
    l.business_date = Day::from(2026, 11, 16);
    l.provider_txn_id = txn;
    l.amount = Dong(amount);
    l.fee = Dong(fee);
    l.net = Dong(amount - fee);
    l.at = local("2026-11-16 08:00:00");
    return l;
}

BankEntry entry(char const* ref, int amount, char const* narrative = "")
{
    BankEntry e;
    e.account = "1";
    e.entry_ref = ref;
    e.booking_date = Day::from(2026, 11, 17);
    e.booked_at = e.booking_date.begin();
    e.amount = Dong(amount);
    e.narrative = narrative;
    return e;
}

ImportedFile statement(char const* bytes, unsigned from, unsigned to, int opening, int closing, std::vector<BankEntry> entries,
                       int revision = 1)
{
    ImportedFile file;
    file.side = Side::bank;
    file.name = bytes;
    file.digest = sha256(bytes);
    file.business_date = Day::from(2026, 11, to);
    file.revision = revision;
    file.parties = {"1"};
    StatementBalance b{"1", Day::from(2026, 11, from), Day::from(2026, 11, to), Dong(opening), Dong(closing), {}, {}};
    std::int64_t credits = 0;
    for (auto const& e : entries) credits += e.amount.count();
    b.credits = Dong(credits);
    file.balances.push_back(b);
    file.bank = std::move(entries);
    return file;
}

Settings const settings;  // due at 10:00 of the next day

TEST(FileRegister, SaysWhatBecameOfEachFile)
{
    struct Step {
        char const* bytes;
        int revision;
        unsigned day;
        char const* received;
        ImportResult result;
    };
    using enum ImportResult;
    Step const steps[] = {
        {"a", 1, 16, "2026-11-17 09:59:59", ACCEPTED},
        {"a", 1, 16, "2026-11-17 10:30:00", DUPLICATE_FILE},     // same bytes, whatever the name and day
        {"a", 7, 18, "2026-11-17 10:30:00", DUPLICATE_FILE},
        {"b", 1, 16, "2026-11-17 10:30:00", FILE_CONFLICT},      // same revision, other bytes
        {"b", 1, 16, "2026-11-17 10:31:00", DUPLICATE_FILE},     // the held one again
        {"c", 2, 16, "2026-11-19 10:30:00", SUPERSEDES},         // however late
        {"d", 1, 16, "2026-11-19 10:31:00", FILE_CONFLICT},      // a lower revision
        {"a", 1, 16, "2026-11-19 10:32:00", DUPLICATE_FILE},     // the superseded one again
        {"e", 1, 17, "2026-11-18 10:00:00", ACCEPTED},           // due is still in time
        {"f", 1, 18, "2026-11-19 10:00:01", ACCEPTED_LATE},
        {"g", 3, 19, "2026-11-20 09:00:00", ACCEPTED},           // a first file may have any revision
        {"h", 2, 19, "2026-11-20 09:01:00", FILE_CONFLICT},
    };
    FileRegister files(settings);
    for (auto const& s : steps) {
        EXPECT_EQ(name_of(files.import(provider_file(s.bytes, s.revision, s.day, s.received))), name_of(s.result))
            << s.bytes << ' ' << s.received;
    }
    auto const input = files.input(Instant());
    EXPECT_EQ(input.provider_days.size(), 4u);
    ASSERT_EQ(input.held.size(), 3u);
    EXPECT_EQ(input.held[0].file, "provider-b");
}

TEST(FileRegister, SupersedingTakesTheOldLinesOut)
{
    FileRegister files(settings);
    auto first = provider_file("1");
    first.provider = {line(1, "V1", 500, 5), line(2, "V2", 600, 6)};
    auto second = provider_file("2", 2);
    second.provider = {line(1, "V1", 500, 5), line(2, "V3", 700, 7)};
    ASSERT_EQ(files.import(first), ImportResult::ACCEPTED);
    EXPECT_EQ(files.input(Instant()).provider.size(), 2u);
    ASSERT_EQ(files.import(second), ImportResult::SUPERSEDES);
    auto const input = files.input(Instant());
    ASSERT_EQ(input.provider.size(), 2u);
    EXPECT_EQ(input.provider[1]->provider_txn_id, "V3");
}

TEST(FileRegister, DamagedFilesAreNotApplied)
{
    auto wrong_net = provider_file("net");
    wrong_net.provider = {line(1, "V1", 500, 5)};
    wrong_net.provider[0].net = Dong(496);
    auto failed_with_net = provider_file("failed");
    failed_with_net.provider = {line(1, "V1", 500, 5)};
    failed_with_net.provider[0].status = LineStatus::failed;
    auto no_amount = provider_file("amount");
    no_amount.provider = {line(1, "V1", 0, 0)};
    auto other_day = provider_file("day", 1, 17);
    other_day.provider = {line(1, "V1", 500, 5)};
    auto unreadable = provider_file("unreadable");
    unreadable.damage = "line 3: cut";
    for (auto const& file :
         {wrong_net, failed_with_net, no_amount, other_day, unreadable, statement("s", 17, 17, 100, 151, {entry("E1", 50)})}) {
        FileRegister files(settings);
        EXPECT_EQ(name_of(files.import(file)), "FILE_INTEGRITY") << file.name;
        auto const input = files.input(Instant());
        EXPECT_TRUE(input.provider.empty() && input.bank.empty() && input.provider_days.empty() && !input.bank_covered_to) << file.name;
        ASSERT_EQ(input.held.size(), 1u);
        EXPECT_EQ(input.held[0].kind, BreakClass::FILE_INTEGRITY);
    }
}

TEST(FileRegister, AGoodFileMayFollowADamagedOne)
{
    FileRegister files(settings);
    auto damaged = provider_file("cut");
    damaged.damage = "cut";
    EXPECT_EQ(files.import(damaged), ImportResult::FILE_INTEGRITY);
    EXPECT_EQ(files.import(provider_file("whole")), ImportResult::ACCEPTED);
}

TEST(FileRegister, ClosingIsTheNextOpening)
{
    FileRegister files(settings);
    EXPECT_EQ(files.import(statement("17", 17, 17, 100, 150, {entry("E1", 50)})), ImportResult::ACCEPTED);
    EXPECT_EQ(files.import(statement("18", 18, 18, 149, 149, {})), ImportResult::FILE_INTEGRITY);
    EXPECT_EQ(files.import(statement("18b", 18, 18, 150, 150, {})), ImportResult::ACCEPTED);
    EXPECT_EQ(files.import(statement("16", 15, 16, 90, 90, {})), ImportResult::FILE_INTEGRITY);
    // A correction is compared with its neighbours, not with what it replaces.
    EXPECT_EQ(files.import(statement("17b", 17, 17, 110, 150, {entry("E1", 40)}, 2)), ImportResult::SUPERSEDES);
    EXPECT_EQ(files.input(Instant()).bank_covered_to, Day::from(2026, 11, 18));
}

TEST(FileRegister, AccountsAreIdentitiesOfTheirOwn)
{
    FileRegister files(settings);
    auto one = statement("one", 17, 17, 0, 0, {});
    auto two = statement("two", 17, 17, 0, 0, {});
    two.parties = {"2"};
    two.balances.clear();
    auto again = statement("three", 17, 17, 0, 0, {});
    EXPECT_EQ(files.import(one), ImportResult::ACCEPTED);
    EXPECT_EQ(files.import(two), ImportResult::ACCEPTED);
    EXPECT_EQ(files.import(again), ImportResult::FILE_CONFLICT);
}

TEST(FileRegister, EntriesWithoutAReferenceKeepTwinsAndAddNothingTwice)
{
    FileRegister files(settings);
    auto const twins = [] { return std::vector{entry("", 50, "tien ca"), entry("", 50, "Tiền  CÁ"), entry("", 50, "tien rau")}; };
    auto first = statement("first", 17, 17, 0, 150, twins());
    auto overlapping = statement("second", 17, 18, 0, 200, {});
    overlapping.bank = twins();
    overlapping.bank.push_back(entry("", 50, "tien tom"));
    overlapping.balances.front().credits = Dong(200);
    ASSERT_EQ(files.import(first), ImportResult::ACCEPTED);
    ASSERT_EQ(files.import(overlapping), ImportResult::ACCEPTED);
    auto const input = files.input(Instant());
    ASSERT_EQ(input.bank.size(), 7u);
    auto const result = reconcile_day(input, settings);
    ASSERT_TRUE(result) << result.error().detail;
    EXPECT_EQ(result->breaks.size(), 4u);
    EXPECT_EQ(result->totals.bank_credit, Dong(200));
}

TEST(FileRegister, TheLaterSnapshotKnowsBetter)
{
    auto const snapshot = [](char const* bytes, unsigned day, int revision, InternalStatus status) {
        ImportedFile file;
        file.side = Side::internal;
        file.name = bytes;
        file.digest = sha256(bytes);
        file.business_date = Day::from(2026, 11, day);
        file.revision = revision;
        InternalRecord r;
        r.payment_id = "P1";
        r.amount = Dong(5);
        r.status = status;
        file.internal = {r};
        return file;
    };
    FileRegister files(settings);
    EXPECT_EQ(files.import(snapshot("b", 17, 1, InternalStatus::succeeded)), ImportResult::ACCEPTED);
    EXPECT_EQ(files.import(snapshot("a", 16, 1, InternalStatus::pending)), ImportResult::ACCEPTED);
    auto input = files.input(Instant());
    ASSERT_EQ(input.internal.size(), 1u);
    EXPECT_EQ(input.internal[0]->status, InternalStatus::succeeded);
    EXPECT_EQ(files.import(snapshot("c", 17, 2, InternalStatus::failed)), ImportResult::SUPERSEDES);
    EXPECT_EQ(files.input(Instant()).internal[0]->status, InternalStatus::failed);
}

}  // namespace
}  // namespace cho40::reconcile
