#include "adapters/documents/proof_json.h"
#include "tests/integration/proofs/fixture.h"
#include "tests/support/source_tree.h"
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace cho40::tests {
namespace {

using nlohmann::json;

struct Ran {
    int code = -1;
    std::string out;
};

Ran run_command(std::string const& command)
{
    Ran ran;
    auto* pipe = popen((command + " 2>/dev/null").c_str(), "r");
    char buffer[4096];
    while (auto const n = fread(buffer, 1, sizeof buffer, pipe)) ran.out.append(buffer, n);
    ran.code = WEXITSTATUS(pclose(pipe));
    return ran;
}

Ran cho40(std::string const& arguments, std::string const& environment = "env -u CHO40_INSTALLATION_KEY -u CHO40_CONFIG")
{
    return run_command(environment + " '" CHO40_TOOL "' ledger " + arguments);
}

class Proofs : public ProofsTest {
protected:
    void SetUp() override
    {
        ProofsTest::SetUp();
        std::filesystem::create_directories(folder);
        write("key.pem", key.public_key().pem());
        write("other.pem", key_of('b').public_key().pem());
        insert_rows(1, 300);
        sign_all();
        insert_rows(301, 777);
        sign_all();
    }
    void TearDown() override
    {
        std::filesystem::remove_all(folder);
        ProofsTest::TearDown();
    }

    std::string write(std::string const& name, std::string const& text)
    {
        auto const path = (folder / name).string();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    std::string path(char const* name) { return (folder / name).string(); }

    json make(std::int64_t seq, bool from_first = false)
    {
        auto const proof = loop.run(ledger::proof_of(proofs, transfer(seq), {.book = book, .from_first = from_first}));
        return json::parse(documents::proof_json(proof.value(), key.public_key().bytes()).dump());
    }

    // "true", "false REASON" or "unreadable", as the library says.
    std::string ours(std::string const& text)
    {
        auto const file = documents::read_proof(text);
        if (!file) return "unreadable";
        if (file->public_key && *file->public_key != key.public_key().bytes()) return "false other_key";
        auto const fault = ledger::check_proof(file->proof, key.public_key());
        return fault ? "false " + std::string(ledger::proof_fault_name(*fault)) : "true";
    }
    // The same of the other verifier: one line for each file, in order.
    std::vector<std::string> theirs(std::vector<std::string> const& files)
    {
        auto command = "node '" + (source_tree() / "tests/proofs/check_proof.mjs").string() + "' '" + path("key.pem") + "'";
        for (auto const& file : files) command += " '" + file + "'";
        auto const ran = run_command(command);
        std::vector<std::string> lines;
        std::istringstream in(ran.out);
        for (std::string line; std::getline(in, line);) lines.push_back(line.starts_with("unreadable") ? "unreadable" : line);
        return lines;
    }

    std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("cho40_proofs_{}", getpid());
    std::string database_option = " --database '" + database.url() + "'";
    std::string with_key = "CHO40_INSTALLATION_KEY=" + std::string(64, 'a');
};

TEST_F(Proofs, HoldForRowsOfEveryKindInBothVerifiers)
{
    std::vector<std::string> files;
    for (std::int64_t const seq : {1, 2, 3, 4, 9, 14, 16, 256, 257, 299, 300, 301, 512, 776, 777}) {
        for (bool const from_first : {false, true}) {
            auto const text = make(seq, from_first).dump(2);
            EXPECT_EQ(ours(text), "true") << text;
            files.push_back(write(fmt::format("{}-{}.json", seq, from_first), text));
        }
    }
    EXPECT_EQ(theirs(files), std::vector<std::string>(files.size(), "true"));
    EXPECT_EQ(make(300, true).at("later").at("head").at("size"), "777");
    EXPECT_FALSE(make(301, true).contains("later"));
}

// What was said twice is not one statement, whichever of the two a reader takes.
TEST_F(Proofs, AMemberThatStandsTwiceMakesAProofUnreadable)
{
    auto text = make(14).dump(2);
    auto const at = text.find("\"amount\":");
    ASSERT_NE(at, std::string::npos);
    text.insert(at, "\"amount\": \"11\",\n");
    EXPECT_EQ(ours(text), "unreadable");
    EXPECT_EQ(theirs({write("twice.json", text)}), std::vector<std::string>{"unreadable"});
}

struct Tampering {
    char const* pointer;
    json value;  // null: the member is taken away
    char const* verdict;
};

std::string flipped(std::string hex)
{
    hex.back() = hex.back() == '0' ? '1' : '0';
    return hex;
}

TEST_F(Proofs, EveryTamperingIsRefusedByBoth)
{
    auto const good = make(203, true);  // a pending transfer with a time limit, covered by the first head
    auto const hex = [&](char const* pointer) { return flipped(good.at(json::json_pointer(pointer)).get<std::string>()); };
    auto const other_uuid = "0190b8a0-0000-7000-8000-000000000000";
    std::vector<Tampering> const table = {
        {"/row/book", "9102", "false other_book"},
        {"/row/seq", "204", "false index_wrong"},
        {"/row/transfer", other_uuid, "false row_changed"},
        {"/row/kind", "posted", "false row_changed"},
        {"/row/flags", json::array({"closing_debit"}), "false row_changed"},
        {"/row/debit_account", "17", "false row_changed"},
        {"/row/credit_account", "19", "false row_changed"},
        {"/row/amount", "999999", "false row_changed"},
        {"/row/debit_balance", "1", "false row_changed"},
        {"/row/credit_balance", "-1", "false row_changed"},
        {"/row/code", 101, "false row_changed"},
        {"/row/event_at", "2026-11-22T03:15:30.120004Z", "false row_changed"},
        {"/row/recorded_at", "2026-11-22T03:15:30.120004Z", "false row_changed"},
        {"/row/pending", other_uuid, "false row_changed"},
        {"/row/expires_at", "2026-11-22T03:15:30.120004Z", "false row_changed"},
        {"/row/reference", "Chợ Cẩm Phả", "false row_changed"},
        {"/leaf/index", "203", "false index_wrong"},
        {"/leaf/hash", hex("/leaf/hash"), "false row_changed"},
        {"/path/0", hex("/path/0"), "false path_wrong"},
        {"/path/7", hex("/path/7"), "false path_wrong"},
        {"/path", json::array(), "false path_wrong"},
        {"/path/-", good.at("path")[0], "false path_wrong"},
        {"/head/book", "9102", "false other_book"},
        {"/head/size", "301", "false signature_wrong"},
        {"/head/size", "202", "false not_covered"},
        {"/head/root", hex("/head/root"), "false signature_wrong"},
        {"/head/previous", hex("/head/previous"), "false signature_wrong"},
        {"/head/at", "2026-11-22T03:15:30.120004Z", "false signature_wrong"},
        {"/head/key_id", key_of('b').public_key().id_text(), "false other_key"},
        {"/head/signature", hex("/head/signature"), "false signature_wrong"},
        {"/public_key", to_hex(key_of('b').public_key().bytes()), "false other_key"},
        {"/later/head/book", "9102", "false later_head_wrong"},
        {"/later/head/size", "299", "false later_head_wrong"},
        {"/later/head/root", hex("/later/head/root"), "false later_signature_wrong"},
        {"/later/head/key_id", key_of('b').public_key().id_text(), "false later_other_key"},
        {"/later/head/signature", hex("/later/head/signature"), "false later_signature_wrong"},
        {"/later/path/0", hex("/later/path/0"), "false later_path_wrong"},
        {"/later/path", json::array(), "false later_path_wrong"},
        {"/row/amount", 1203, "unreadable"},
        {"/row/amount", "01203", "unreadable"},
        {"/row/amount", "99999999999999999999", "unreadable"},
        {"/row/pending", "00000000-0000-0000-0000-000000000000", "unreadable"},
        {"/row/kind", "gift", "unreadable"},
        {"/row/event_at", "2026-11-22T10:15:30.120003+07:00", "unreadable"},
        {"/row/event_at", "2026-02-30T10:15:30.120003Z", "unreadable"},
        {"/row/note", "paid in full", "unreadable"},
        {"/row/reference", nullptr, "unreadable"},
        {"/head/root", "AB", "unreadable"},
        {"/format", "cho40 ledger proof v2", "unreadable"},
    };
    std::vector<std::string> files, expected;
    for (auto const& [pointer, value, verdict] : table) {
        auto changed = good;
        auto const at = json::json_pointer(pointer);
        if (value.is_null()) changed.at(at.parent_pointer()).erase(at.back());
        else changed[at] = value;
        ASSERT_NE(changed, good) << pointer;
        auto const text = changed.dump();
        EXPECT_EQ(ours(text), verdict) << pointer << " = " << value;
        files.push_back(write(fmt::format("{}.json", files.size()), text));
        expected.push_back(verdict);
    }
    auto const found = theirs(files);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], expected[i]) << table[i].pointer << " = " << table[i].value;
}

TEST_F(Proofs, ATransferThatNoHeadCoversHasNone)
{
    insert_rows(778, 778);
    auto const answer = loop.run(ledger::proof_of(proofs, transfer(778)));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::unavailable);
    EXPECT_EQ(loop.run(ledger::proof_of(proofs, Id<ledger::Transfer>(make_derived_uuid({"nobody's"})))).error().code, Errc::not_found);
    EXPECT_EQ(loop.run(ledger::proof_of(proofs, transfer(5), {.book = other_book})).error().code, Errc::not_found);
}

TEST_F(Proofs, TheToolProvesAndChecks)
{
    auto const id = transfer(42).uuid;
    for (auto const& text : {id.to_string(), id.to_base32(), "trf_" + id.to_base32()}) {
        auto const made = cho40("prove " + text + database_option, with_key);
        ASSERT_EQ(made.code, 0) << text;
        EXPECT_EQ(json::parse(made.out).at("row").at("seq"), "42");
        auto const file = write("proof.json", made.out);
        EXPECT_EQ(cho40("check-proof " + file + " --key " + path("key.pem")).code, 0);
        EXPECT_EQ(cho40("check-proof " + file).code, 0) << "with the key it brings";
        EXPECT_EQ(cho40("check-proof - <" + file, with_key).code, 0) << "with the installation's";
        auto const wrong = cho40("check-proof --json " + file + " --key " + path("other.pem"));
        EXPECT_EQ(wrong.code, 1);
        EXPECT_EQ(json::parse(wrong.out).at("fault").at("name"), "other_key");
    }
    auto changed = make(42);
    changed["row"]["amount"] = "1";
    auto const refused = cho40("check-proof " + write("changed.json", changed.dump()));
    EXPECT_EQ(refused.code, 1);
    EXPECT_TRUE(refused.out.starts_with("false: row_changed")) << refused.out;
    EXPECT_EQ(cho40("check-proof " + write("broken.json", "{")).code, 2);
    EXPECT_EQ(cho40("check-proof " + path("nowhere.json")).code, 2);
    EXPECT_EQ(cho40("prove somebody" + database_option).code, 2);
    EXPECT_EQ(cho40("prove " + make_derived_uuid({"nobody's"}).to_string() + database_option).code, 1);
    EXPECT_EQ(cho40("prove " + id.to_string() + " --database 'host=/nowhere dbname=x'").code, 3);
}

TEST_F(Proofs, TheToolSignsWhenNoHeadCoversTheRow)
{
    insert_rows(778, 780);
    auto const id = transfer(779).uuid.to_string();
    EXPECT_EQ(cho40("prove " + id + database_option).code, 1) << "without the installation key";
    auto const made = cho40("prove --from-first " + id + database_option, with_key);
    ASSERT_EQ(made.code, 0);
    EXPECT_EQ(ours(made.out), "true");
    EXPECT_EQ(heads(), "300,777,780");
}

TEST_F(Proofs, TheToolTellsThePublicKey)
{
    auto const pem = cho40("public-key", with_key);
    EXPECT_EQ(pem.code, 0);
    EXPECT_EQ(pem.out, key.public_key().pem());
    auto const published = cho40("public-key --json", with_key);
    EXPECT_EQ(json::parse(published.out).at("key_id"), key.public_key().id_text());
    auto const proof = write("proof.json", make(7).dump());
    EXPECT_EQ(cho40("check-proof " + proof + " --key " + write("key.json", published.out)).code, 0);
    EXPECT_EQ(cho40("check-proof " + proof + " --key " + proof).code, 0) << "any JSON with a public_key";
    EXPECT_EQ(cho40("public-key").code, 2);
}

}  // namespace
}  // namespace cho40::tests
