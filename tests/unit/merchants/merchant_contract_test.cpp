#include "merchants/merchant_contract.h"
#include <gtest/gtest.h>

namespace cho40::merchants {
namespace {

Id<Stall> stall(std::string_view name) { return Id<Stall>(make_derived_uuid({"merchant contract test", name})); }
Day day(unsigned d) { return Day::from(2026, 9, d); }

// Registered in the order in which they are made.
MerchantContract contract(Id<Stall> of, std::string merchant_id, Day from, std::optional<Day> to = {})
{
    static int number = 0;
    MerchantContract c;
    c.stall = of;
    c.terms = {"970436", std::move(merchant_id), "5411", "A", "B"};
    c.valid_from = from;
    c.valid_to = to;
    c.registered_at = Instant(std::chrono::seconds(++number));
    c.id = Id<MerchantContract>(make_derived_uuid({"merchant contract test", std::to_string(number)}));
    return c;
}

std::string id_on(std::vector<MerchantContract> const& contracts, Day d)
{
    auto const* c = contract_on(contracts, d);
    return c ? c->terms.merchant_id : "none";
}

TEST(MerchantContract, TheLastBegunCountsFromItsFirstDayToItsLast)
{
    auto const ours = stall("ours");
    std::vector<MerchantContract> const contracts{contract(ours, "A", day(1)), contract(ours, "B", day(10), day(12))};
    EXPECT_EQ(id_on({}, day(1)), "none");
    EXPECT_EQ(id_on(contracts, Day::from(2026, 8, 31)), "none");
    EXPECT_EQ(id_on(contracts, day(1)), "A");
    EXPECT_EQ(id_on(contracts, day(9)), "A");
    EXPECT_EQ(id_on(contracts, day(10)), "B");
    EXPECT_EQ(id_on(contracts, day(12)), "B");
    EXPECT_EQ(id_on(contracts, day(13)), "none") << "what was replaced does not come back";
}

TEST(MerchantContract, OfTwoFromTheSameDayTheLaterRegisteredCountsWhateverTheirOrder)
{
    auto const ours = stall("ours");
    auto const open = contract(ours, "A", day(1));
    auto const ended = contract(ours, "A", day(1), day(5));
    EXPECT_EQ(id_on({open, ended}, day(6)), "none");
    EXPECT_EQ(id_on({ended, open}, day(6)), "none");
    EXPECT_EQ(id_on({ended, open}, day(5)), "A");
}

TEST(MerchantContract, OneMerchantIdIsOfOneStallAtATime)
{
    auto const ours = stall("ours"), theirs = stall("theirs");
    std::vector<MerchantContract> const held{contract(theirs, "A", day(5), day(10))};
    struct Row {
        Day from;
        std::optional<Day> to;
        bool clashes;
    };
    for (auto const& [from, to, clashes] : {Row{day(1), {}, true}, Row{day(1), day(4), false}, Row{day(1), day(5), true},
                                            Row{day(6), day(7), true}, Row{day(10), {}, true}, Row{day(11), {}, false}}) {
        EXPECT_EQ(other_holder(contract(ours, "A", from, to), held).has_value(), clashes) << from.to_string();
    }
    EXPECT_EQ(other_holder(contract(ours, "A", day(6)), held), theirs);
    EXPECT_FALSE(other_holder(contract(theirs, "A", day(6)), held)) << "its own";
    EXPECT_FALSE(other_holder(contract(ours, "B", day(6)), held));
    auto elsewhere = contract(ours, "A", day(6));
    elsewhere.terms.acquirer_bin = "970415";
    EXPECT_FALSE(other_holder(elsewhere, held));
    EXPECT_FALSE(other_holder(contract(ours, "A", day(8)), std::vector{held[0], contract(theirs, "B", day(7))})) << "replaced by then";
}

}  // namespace
}  // namespace cho40::merchants
