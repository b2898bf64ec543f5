#include "adapters/statements/case_folder.h"
#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/fields.h"
#include "adapters/statements/provider_file.h"
#include "adapters/statements/record_files.h"
#include "base/csv.h"
#include <fstream>
#include <nlohmann/json.hpp>

namespace cho40::statements {
namespace {

using reconcile::ImportedFile;
using reconcile::Side;

Result<std::string> read_bytes(std::filesystem::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    if (!in.is_open() || in.bad()) return fail(Errc::not_found, path.string() + " cannot be read");
    return bytes;
}

Error in_file(Error error, std::filesystem::path const& path)
{
    error.detail = path.filename().string() + (error.pointer.empty() ? "" : " " + error.pointer) + ": " + error.detail;
    error.pointer.clear();
    return error;
}

Result<Done> read_internal(ImportedFile& file, std::string_view bytes)
{
    CHO_TRY(file.internal, read_internal_csv(bytes));
    return Done{};
}

Result<Done> read_provider(ImportedFile& file, std::string_view bytes)
{
    CHO_TRY(auto provider, read_provider_file(bytes));
    file.provider = std::move(provider.lines);
    return Done{};
}

Result<Done> read_bank(ImportedFile& file, std::string_view bytes)
{
    auto const first = bytes.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    if (first != bytes.npos && bytes[first] == '<') {
        CHO_TRY(auto day, read_bank_day(bytes));
        file.bank = std::move(day.entries);
        file.balances = std::move(day.balances);
        file.damage = std::move(day.damage);
        file.parties = std::move(day.accounts);
        return Done{};
    }
    CHO_TRY(file.bank, read_bank_csv(bytes));
    for (auto const& entry : file.bank) file.parties.insert(entry.account);
    return Done{};
}

Result<Side> read_side(std::string_view text)
{
    if (text == "INTERNAL") return Side::internal;
    if (text == "PROVIDER") return Side::provider;
    if (text == "BANK") return Side::bank;
    return fail(Errc::invalid_input, "must be INTERNAL, PROVIDER or BANK, not \"" + std::string(text.substr(0, 40)) + "\"");
}

Result<std::vector<ImportRow>> read_imports_csv(std::string_view bytes)
{
    CHO_TRY(auto const table, CsvTable::parse(bytes, {"seq", "received_at", "side", "file", "business_date", "revision"}));
    std::vector<ImportRow> rows;
    for (auto const& row : table.rows()) {
        ImportRow r{};
        std::int64_t number = 0;
        CHO40_FIELD(number, row.line(), "seq", read_count(row["seq"]));
        if (number > 1'000'000) return fail(at_line(Error(Errc::invalid_input, "too large"), row.line(), "seq"));
        r.seq = static_cast<int>(number);
        CHO40_FIELD(r.received_at, row.line(), "received_at", parse_rfc3339(row["received_at"]));
        CHO40_FIELD(r.side, row.line(), "side", read_side(row["side"]));
        CHO40_FIELD(r.business_date, row.line(), "business_date", Day::parse(row["business_date"]));
        CHO40_FIELD(number, row.line(), "revision", read_count(row["revision"]));
        if (number > 1'000'000) return fail(at_line(Error(Errc::invalid_input, "too large"), row.line(), "revision"));
        r.revision = static_cast<int>(number);
        r.file = row["file"];
        // The name is a file of the folder, never a way out of it.
        if (r.file.empty() || r.file.find_first_of("/\\") != r.file.npos || r.file.starts_with('.')) {
            return fail(at_line(Error(Errc::invalid_input, "must be a plain file name"), row.line(), "file"));
        }
        rows.push_back(std::move(r));
    }
    std::ranges::sort(rows, {}, [](ImportRow const& row) { return std::pair(row.seq, row.file); });
    return rows;
}

Result<std::vector<Checkpoint>> read_checkpoints(std::string_view bytes)
{
    // The answers in the file can be large and are none of our business: only the moments are kept.
    auto const moments = [](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
        if (event != nlohmann::json::parse_event_t::key) return true;
        if (depth == 1) return value == "checkpoints";
        return depth != 3 || value == "as_of" || value == "imports_up_to_seq";
    };
    auto const json = nlohmann::json::parse(bytes, moments, false);
    if (!json.is_object() || !json.contains("checkpoints") || !json["checkpoints"].is_array()) {
        return fail(Errc::invalid_json, "expected.json must be an object with an array \"checkpoints\"");
    }
    std::vector<Checkpoint> checkpoints;
    for (auto const& item : json["checkpoints"]) {
        if (!item.is_object() || !item.contains("as_of") || !item["as_of"].is_string() || !item.contains("imports_up_to_seq") ||
            !item["imports_up_to_seq"].is_number_integer()) {
            return fail(Errc::invalid_json, "a checkpoint of expected.json needs as_of and imports_up_to_seq");
        }
        Checkpoint checkpoint;
        CHO_TRY(checkpoint.as_of, parse_rfc3339(item["as_of"].get<std::string>()));
        checkpoint.imports_up_to_seq = item["imports_up_to_seq"].get<int>();
        checkpoints.push_back(checkpoint);
    }
    return checkpoints;
}

Checkpoint after_last_import(std::vector<ImportRow> const& rows)
{
    Checkpoint checkpoint;
    auto latest = rows.front().received_at;
    for (auto const& row : rows) {
        latest = std::max(latest, row.received_at);
        checkpoint.imports_up_to_seq = std::max(checkpoint.imports_up_to_seq, row.seq);
    }
    auto const due = std::chrono::hours(10);
    auto const today = Day::of(latest).begin() + due;
    checkpoint.as_of = latest <= today ? today : Day::of(latest).end() + due;
    return checkpoint;
}

}  // namespace

Result<ImportedFile> read_case_file(std::filesystem::path const& path, Side side)
{
    CHO_TRY(auto const bytes, read_bytes(path));
    ImportedFile file;
    file.side = side;
    file.name = path.filename().string();
    file.digest = sha256(bytes);
    auto read = side == Side::internal   ? read_internal(file, bytes)
                : side == Side::provider ? read_provider(file, bytes)
                                         : read_bank(file, bytes);
    if (read) return file;
    if (side == Side::internal) return fail(in_file(std::move(read).error(), path));
    file.internal.clear(), file.provider.clear(), file.bank.clear();
    file.damage = in_file(std::move(read).error(), path).detail;
    return file;
}

Result<CaseFolder> read_case_folder(std::filesystem::path const& folder)
{
    auto const imports_path = folder / "imports.csv";
    CHO_TRY(auto const imports_bytes, read_bytes(imports_path));
    auto rows = read_imports_csv(imports_bytes);
    if (!rows) return fail(in_file(std::move(rows).error(), imports_path));
    if (rows->empty()) return fail(Errc::invalid_input, "imports.csv names no file");
    CaseFolder found;
    for (auto const& row : *rows) {
        CHO_TRY(auto file, read_case_file(folder / row.file, row.side));
        file.received_at = row.received_at;
        file.business_date = row.business_date;
        file.revision = row.revision;
        found.imports.push_back({row.seq, std::move(file)});
    }
    auto const expected = folder / "expected.json";
    if (!std::filesystem::exists(expected)) {
        found.checkpoints.push_back(after_last_import(*rows));
        return found;
    }
    CHO_TRY(auto const bytes, read_bytes(expected));
    CHO_TRY(found.checkpoints, read_checkpoints(bytes));
    return found;
}

std::string write_imports_csv(std::vector<ImportRow> const& rows)
{
    std::string out = "seq,received_at,side,file,business_date,revision\n";
    for (auto const& row : rows) {
        auto received = to_rfc3339(row.received_at);
        received.replace(received.size() - 5, 5, "Z");  // whole seconds
        out += std::to_string(row.seq) + "," + received + "," +
               (row.side == Side::internal   ? "INTERNAL,"
                : row.side == Side::provider ? "PROVIDER,"
                                             : "BANK,") +
               csv_cell(row.file) + "," + row.business_date.to_string() + "," + std::to_string(row.revision) + "\n";
    }
    return out;
}

}  // namespace cho40::statements
