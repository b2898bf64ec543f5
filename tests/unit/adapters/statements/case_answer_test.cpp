#include "adapters/statements/case_answer.h"
#include "tests/support/source_tree.h"
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

namespace cho40::statements {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string read(fs::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

void write(fs::path const& path, std::string const& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// Order inside lists and the members for people are not significant.
Json comparable(Json const& json)
{
    if (json.is_object()) {
        Json out = Json::object();
        for (auto const& [name, value] : json.items()) {
            if (name != "why" && name != "note" && name != "explanation") out[name] = comparable(value);
        }
        return out;
    }
    if (!json.is_array()) return json;
    std::vector<Json> items;
    for (auto const& item : json) items.push_back(comparable(item));
    std::ranges::sort(items);
    return items;
}

std::string answer(fs::path const& folder)
{
    auto found = read_case_folder(folder);
    if (!found) return found.error().detail;
    auto const settings = reconcile::settings_for("", Day::from(2026, 11, 16));
    auto const answers = answer_case(*std::move(found), *settings);
    return answers ? write_answers(*answers) : answers.error().detail;
}

class TemporaryFolder {
public:
    TemporaryFolder() : path_(fs::temp_directory_path() / ("cho40-case-" + std::to_string(std::random_device()())))
    {
        fs::create_directories(path_);
    }
    ~TemporaryFolder() { fs::remove_all(path_); }
    [[nodiscard]] fs::path const& path() const { return path_; }

private:
    fs::path path_;
};

std::vector<fs::path> cases()
{
    std::vector<fs::path> found;
    for (auto const& entry : fs::directory_iterator(tests::test_data() / "recon-cases")) {
        if (entry.is_directory()) found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

TEST(Cases, AreAnsweredExactly)
{
    auto const all = cases();
    ASSERT_GE(all.size(), 10u);
    for (auto const& folder : all) {
        auto const text = answer(folder);
        auto const ours = Json::parse(text, nullptr, false);
        ASSERT_TRUE(ours.is_object()) << folder << ": " << text;
        auto const expected = Json::parse(read(folder / "expected.json"));
        EXPECT_EQ(comparable(ours["checkpoints"]).dump(1), comparable(expected["checkpoints"]).dump(1)) << folder;
    }
}

// The rows of a CSV in another order; the entries of a statement likewise.
std::string shuffled(std::string const& name, std::string const& bytes, std::mt19937& random)
{
    std::vector<std::string> parts;
    std::string before, after;
    if (name.ends_with(".xml")) {
        auto const begin = bytes.find("<Ntry>");
        auto const end = bytes.rfind("</Ntry>") + 7;
        before = bytes.substr(0, begin), after = bytes.substr(end);
        for (auto at = begin; at < end;) {
            auto const next = bytes.find("</Ntry>", at) + 7;
            parts.push_back(bytes.substr(at, next - at));
            at = next;
        }
    } else {
        std::istringstream lines(bytes);
        std::getline(lines, before);
        before += '\n';
        for (std::string line; std::getline(lines, line);) parts.push_back(line + '\n');
    }
    std::ranges::shuffle(parts, random);
    for (auto const& part : parts) before += part;
    return before + after;
}

TEST(Cases, SameBytesForAnyOrderOfTheRows)
{
    std::mt19937 random(20261123);
    for (auto const& folder : cases()) {
        auto const expected = answer(folder);
        for (int round = 0; round < 5; ++round) {
            TemporaryFolder other;
            std::map<std::string, std::string> done;  // files of the same bytes stay so
            for (auto const& entry : fs::directory_iterator(folder)) {
                auto const name = entry.path().filename().string();
                auto const bytes = read(entry.path());
                if (!done.contains(bytes)) done[bytes] = name == "expected.json" ? bytes : shuffled(name, bytes, random);
                write(other.path() / name, done[bytes]);
            }
            EXPECT_EQ(answer(other.path()), expected) << folder;
        }
    }
}

// A then B is B then A: files about different things may come in any order.
TEST(Cases, SameResultForAnyOrderOfTheFiles)
{
    auto const settings = *reconcile::settings_for("", Day::from(2026, 11, 16));
    for (auto const* name : {"01-batch-net-of-fee", "03-around-midnight", "06-refunds-netted", "08-reversed-credit"}) {
        auto const path = tests::test_data() / "recon-cases" / name;
        auto const count = read_case_folder(path)->imports.size();
        std::vector<std::size_t> order(count);
        for (std::size_t i = 0; i < count; ++i) order[i] = i;
        std::optional<std::string> first;
        do {
            auto folder = *read_case_folder(path);
            folder.checkpoints = {folder.checkpoints.back()};
            std::vector<Import> imports;
            for (auto i : order) {
                imports.push_back(std::move(folder.imports[i]));
                imports.back().seq = static_cast<int>(imports.size());
            }
            folder.imports = std::move(imports);
            auto const answers = answer_case(std::move(folder), settings);
            ASSERT_TRUE(answers) << answers.error().detail;
            auto const text = reconcile::canonical_text(answers->front().result);
            if (!first) first = text;
            EXPECT_EQ(text, *first) << name;
        } while (std::ranges::next_permutation(order).found);
    }
}

TEST(Cases, WithoutExpectedJsonTheMomentIsTheNextHourOfDueFiles)
{
    for (auto const& folder : cases()) {
        TemporaryFolder bare;
        for (auto const& entry : fs::directory_iterator(folder)) {
            if (entry.path().filename() != "expected.json") fs::copy(entry.path(), bare.path());
        }
        auto const asked = Json::parse(answer(folder))["checkpoints"];
        EXPECT_EQ(Json::parse(answer(bare.path()))["checkpoints"].at(0), asked.back()) << folder;
    }
}

std::string const imports_header = "seq,received_at,side,file,business_date,revision\n";

TEST(Folder, ChecksWhatImportsCsvNames)
{
    struct Row {
        char const* imports;
        char const* says;
    };
    for (auto const& row :
         {Row{"1,2026-11-17T01:00:00Z,INTERNAL,../x.csv,2026-11-16,1\n", "imports.csv line 2: file: must be a plain file name"},
          Row{"1,2026-11-17T01:00:00Z,INTERN,x.csv,2026-11-16,1\n",
              "imports.csv line 2: side: must be INTERNAL, PROVIDER or BANK, not \"INTERN\""},
          Row{"one,2026-11-17T01:00:00Z,INTERNAL,x.csv,2026-11-16,1\n", "imports.csv line 2: seq: not whole dong: \"one\""},
          Row{"", "imports.csv names no file"}}) {
        TemporaryFolder folder;
        write(folder.path() / "imports.csv", imports_header + row.imports);
        EXPECT_EQ(answer(folder.path()), row.says);
    }
    TemporaryFolder empty;
    EXPECT_NE(answer(empty.path()).find("imports.csv cannot be read"), std::string::npos);
    write(empty.path() / "imports.csv", imports_header + "1,2026-11-17T01:00:00Z,INTERNAL,internal.csv,2026-11-16,1\n");
    EXPECT_NE(answer(empty.path()).find("internal.csv cannot be read"), std::string::npos);
}

// One story over several moments: late, twice, corrected, contradicted.
TEST(Folder, ALateFileACorrectionAndAConflict)
{
    TemporaryFolder folder;
    auto const& dir = folder.path();
    std::string const provider =
        "file_id,line_no,business_date,provider_txn_id,order_ref,type,amount_vnd,fee_vnd,net_vnd,status,txn_time,settlement_batch,settlement_date\n";
    write(dir / "internal.csv", "payment_id,type,parent_id,order_ref,provider_txn_id,amount_vnd,status,event_at,payer_key,channel\n"
                                "P1,PAYMENT,,CQ2A3B4C5,V1,50000,SUCCEEDED,2026-11-16T01:00:00Z,K,PSP\n"
                                "P2,PAYMENT,,CQ3B4C5D6,V2,30000,SUCCEEDED,2026-11-16T02:00:00Z,K,PSP\n");
    write(dir / "bank.csv", "account,entry_ref,booking_date,value_date,booked_at,direction,amount_vnd,reversal,counterparty,narrative\n"
                            "1,E1,2026-11-17,2026-11-17,2026-11-17 10:15:00,CRDT,50000,0,CTY CP GIAI PHAP THANH TOAN VN,LO VNPA\n");
    write(dir / "provider.csv", provider + "F-1,1,2026-11-16,V1,CQ2A3B4C5,PAY,50000,0,50000,SUCCESS,2026-11-16 08:00:00,VNPA,2026-11-17\n");
    write(dir / "provider-copy.csv", read(dir / "provider.csv"));
    write(dir / "provider-2.csv", provider +
                                      "F-2,1,2026-11-16,V1,CQ2A3B4C5,PAY,50000,0,50000,SUCCESS,2026-11-16 08:00:00,VNPA,2026-11-17\n"
                                      "F-2,2,2026-11-16,V2,CQ3B4C5D6,PAY,31000,0,31000,SUCCESS,2026-11-16 09:00:00,VNPA,2026-11-17\n");
    write(dir / "provider-3.csv", provider + "F-3,1,2026-11-16,V1,CQ2A3B4C5,PAY,1,0,1,SUCCESS,2026-11-16 08:00:00,VNPA,2026-11-17\n");
    write(dir / "imports.csv", imports_header + "1,2026-11-17T01:00:00Z,INTERNAL,internal.csv,2026-11-16,1\n"
                                                "2,2026-11-18T01:00:00Z,BANK,bank.csv,2026-11-17,1\n"
                                                "3,2026-11-18T05:00:00Z,PROVIDER,provider.csv,2026-11-16,1\n"
                                                "4,2026-11-18T05:01:00Z,PROVIDER,provider-copy.csv,2026-11-16,1\n"
                                                "5,2026-11-18T06:00:00Z,PROVIDER,provider-2.csv,2026-11-16,2\n"
                                                "6,2026-11-18T07:00:00Z,PROVIDER,provider-3.csv,2026-11-16,2\n");
    write(dir / "expected.json", R"({"checkpoints":[
        {"as_of":"2026-11-18T03:00:00Z","imports_up_to_seq":2},
        {"as_of":"2026-11-18T05:30:00Z","imports_up_to_seq":4},
        {"as_of":"2026-11-18T08:00:00Z","imports_up_to_seq":6}]})");
    auto const found = Json::parse(answer(dir));
    auto const& late = found["checkpoints"][0];
    EXPECT_EQ(late["breaks"].size(), 1u);
    EXPECT_EQ(late["breaks"][0]["class"], "FILE_LATE");
    EXPECT_EQ(late["breaks"][0]["business_date"], "2026-11-16");
    EXPECT_EQ(late["pending"].size(), 3u) << "two payments and the credit";
    auto const& came = found["checkpoints"][1];
    EXPECT_EQ(came["imports"][2]["result"], "ACCEPTED_LATE");
    EXPECT_EQ(came["imports"][3]["result"], "DUPLICATE_FILE");
    EXPECT_EQ(came["matches"]["provider_bank"][0]["rule"], "S1");
    EXPECT_EQ(came["breaks"].size(), 1u);
    EXPECT_EQ(came["breaks"][0]["class"], "MISSING_AT_PROVIDER");
    auto const& corrected = found["checkpoints"][2];
    EXPECT_EQ(corrected["imports"][4]["result"], "SUPERSEDES");
    EXPECT_EQ(corrected["imports"][5]["result"], "FILE_CONFLICT");
    std::map<std::string, Json> breaks;
    for (auto const& b : corrected["breaks"]) breaks[b["class"]] = b;
    ASSERT_EQ(breaks.size(), 3u) << corrected["breaks"];
    EXPECT_EQ(breaks["AMOUNT_MISMATCH"]["delta_vnd"], 1000);
    EXPECT_EQ(breaks["SETTLEMENT_AMOUNT_MISMATCH"]["delta_vnd"], -31000);
    EXPECT_EQ(breaks["FILE_CONFLICT"]["file"], "provider-3.csv");
    EXPECT_EQ(corrected["matches"]["internal_provider"][0]["provider"], "F-2:1");
}

TEST(Folder, AFileThatCannotBeReadIsHeld)
{
    TemporaryFolder folder;
    write(folder.path() / "internal.csv",
          "payment_id,type,parent_id,order_ref,provider_txn_id,amount_vnd,status,event_at,payer_key,channel\n");
    write(folder.path() / "camt053.xml", "<Document>\n<BkToCstmrStmt>\n</Document>");
    write(folder.path() / "imports.csv",
          imports_header +
              "1,2026-11-17T01:00:00Z,INTERNAL,internal.csv,2026-11-16,1\n2,2026-11-18T01:00:00Z,BANK,camt053.xml,2026-11-17,1\n");
    auto const found = Json::parse(answer(folder.path()))["checkpoints"][0];
    EXPECT_EQ(found["as_of"], "2026-11-18T03:00:00Z");
    EXPECT_EQ(found["imports"][1]["result"], "FILE_INTEGRITY");
    EXPECT_EQ(found["breaks"][0]["class"], "FILE_INTEGRITY");
    EXPECT_EQ(found["breaks"][0]["file"], "camt053.xml");
    EXPECT_NE(found["breaks"][0]["why"].get<std::string>().find("camt053.xml line 3"), std::string::npos);
}

}  // namespace
}  // namespace cho40::statements
