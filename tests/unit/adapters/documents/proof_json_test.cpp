#include "adapters/documents/proof_json.h"
#include "adapters/identity/ledger_key.h"
#include "tests/support/source_tree.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::documents {
namespace {

// The example of docs/proofs.md.
std::string example()
{
    std::ifstream in(tests::source_tree() / "docs/proofs.md", std::ios::binary);
    std::string const text(std::istreambuf_iterator<char>(in), {});
    std::string const fence = "```json\n";
    auto const begin = text.rfind(fence) + fence.size();
    return text.substr(begin, text.find("```", begin) - begin);
}

TEST(ProofJson, TheExampleOfTheDocumentationHolds)
{
    auto const file = read_proof(example());
    ASSERT_TRUE(file) << file.error().detail;
    auto const key = identity::LedgerPublicKey::from_bytes(file->public_key.value());
    ASSERT_TRUE(key);
    EXPECT_EQ(ledger::check_proof(file->proof, *key), std::nullopt);
    EXPECT_EQ(file->proof.row.transfer.amount, Dong(32'000));
    EXPECT_TRUE(file->proof.later);
}

TEST(ProofJson, WhatIsReadIsWhatWasWritten)
{
    auto const text = example();
    auto const file = read_proof(text).value();
    EXPECT_EQ(proof_json(file.proof, file.public_key).dump(2) + "\n", text);
    auto without = file.proof;
    without.later.reset();
    auto const again = read_proof(proof_json(without, std::nullopt).dump()).value();
    EXPECT_FALSE(again.proof.later);
    EXPECT_FALSE(again.public_key);
    EXPECT_EQ(again.proof.head, file.proof.head);
}

TEST(ProofJson, WhatIsWrittenInAnotherWayIsRefusedWithItsPlace)
{
    struct {
        char const* from;
        char const* to;
        char const* pointer;
    } const table[] = {
        {R"("amount": "32000")", R"("amount": 32000)", "/row/amount"},
        {R"("amount": "32000")", R"("amount": "+32000")", "/row/amount"},
        {R"("kind": "posted")", R"("kind": "gift")", "/row/kind"},
        {R"("flags": [])", R"("flags": ["closing_debit", "closing_debit"])", "/row/flags"},
        {R"("code": 100)", R"("code": 100, "what": "paid twice")", "/row/what"},
        {R"("code": 100)", R"("code": 4294967396)", "/row/code"},
        {R"("pending": null)", R"("pending": "00000000-0000-0000-0000-000000000000")", "/row/pending"},
        {R"("expires_at": null)", R"("expires_at": "1970-01-01T00:00:00.000000Z")", "/row/expires_at"},
        {R"("expires_at": null,)", "", "/row/expires_at"},
        {R"(51.120000Z)", "51.12Z", "/row/event_at"},
        {R"("root": "5a53)", R"("root": "5A53)", "/head/root"},
        {R"("path": [)", R"("path": [ "00", )", "/path"},
        {R"(proof v1)", "proof v2", "/format"},
    };
    for (auto const& [from, to, pointer] : table) {
        auto text = example();
        auto const at = text.find(from);
        ASSERT_NE(at, text.npos) << from;
        text.replace(at, std::string(from).size(), to);
        auto const read = read_proof(text);
        ASSERT_FALSE(read) << to;
        EXPECT_EQ(read.error().code, Errc::invalid_format) << to;
        EXPECT_EQ(read.error().pointer, pointer) << read.error().detail;
    }
    EXPECT_EQ(read_proof("{").error().code, Errc::invalid_json);
    EXPECT_EQ(read_proof("[]").error().code, Errc::invalid_format);
    EXPECT_EQ(read_proof(R"({"format": "a", "format": "b"})").error().code, Errc::invalid_json);
}

}  // namespace
}  // namespace cho40::documents
