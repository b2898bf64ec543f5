#include "adapters/statements/case_folder.h"
#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/fields.h"
#include "adapters/statements/provider_file.h"
#include "adapters/statements/record_files.h"
#include "base/csv.h"
#include "base/digest.h"
#include <atomic>
#include <fstream>
#include <simdjson.h>
#include <thread>

namespace cho40::statements {
namespace {

using reconcile::ImportedFile;
using reconcile::Side;

// A file a block at a time.
class FileBlocks {
public:
    static constexpr std::size_t block = 256 * 1024;

    explicit FileBlocks(std::filesystem::path path) : path_(std::move(path)), in_(path_, std::ios::binary), buffer_(block, '\0') {}

    // Empty at the end. Error: not_found.
    Result<std::string_view> next()
    {
        if (in_.is_open() && !in_.eof()) in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        else if (in_.is_open()) return std::string_view();
        if (!in_.is_open() || in_.bad()) return fail(Errc::not_found, path_.string() + " cannot be read");
        std::string_view const read(buffer_.data(), static_cast<std::size_t>(in_.gcount()));
        digest_.add(read);
        return read;
    }
    // `begun` and all that follows.
    Result<std::string> rest(std::string begun)
    {
        while (true) {
            CHO_TRY(auto const part, next());
            if (part.empty()) return begun;
            begun += part;
        }
    }
    [[nodiscard]] std::uint64_t size() const
    {
        std::error_code error;
        auto const size = std::filesystem::file_size(path_, error);
        return error ? 0 : size;
    }
    [[nodiscard]] Sha256 digest() const { return digest_.digest(); }

private:
    std::filesystem::path path_;
    std::ifstream in_;
    std::string buffer_;
    Sha256Stream digest_;
};

Result<std::string> read_bytes(std::filesystem::path const& path) { return FileBlocks(path).rest({}); }

Error in_file(Error error, std::filesystem::path const& path)
{
    error.detail = path.filename().string() + (error.pointer.empty() ? "" : " " + error.pointer) + ": " + error.detail;
    error.pointer.clear();
    return error;
}

// What a reader makes of `first` and all that follows.
template <class Reader>
auto read_through(Reader reader, FileBlocks& blocks, std::string_view first) -> decltype(reader.finish())
{
    for (auto part = first; !part.empty();) {
        CHO_TRY_DO(reader.feed(part));
        CHO_TRY(part, blocks.next());
    }
    return reader.finish();
}

Result<Done> read_bank(ImportedFile& file, FileBlocks& blocks, std::string_view first)
{
    auto const begin = first.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    if (begin != first.npos && first[begin] == '<') {
        CHO_TRY(auto const bytes, blocks.rest(std::string(first)));
        CHO_TRY(auto day, read_bank_day(bytes));
        file.bank = std::move(day.entries);
        file.balances = std::move(day.balances);
        file.damage = std::move(day.damage);
        file.parties = std::move(day.accounts);
        return Done{};
    }
    CHO_TRY(file.bank, read_through(bank_csv_reader(blocks.size()), blocks, first));
    std::string_view last;
    for (auto const& entry : file.bank) {
        if (entry.account != last) file.parties.insert(entry.account.str());
        last = entry.account;
    }
    return Done{};
}

Result<Done> read_side(ImportedFile& file, FileBlocks& blocks)
{
    CHO_TRY(auto const first, blocks.next());
    if (file.side == Side::bank) return read_bank(file, blocks, first);
    if (file.side == Side::internal) {
        CHO_TRY(file.internal, read_through(internal_csv_reader(blocks.size()), blocks, first));
        return Done{};
    }
    CHO_TRY(auto provider, read_through(ProviderFileReader(blocks.size()), blocks, first));
    file.provider = std::move(provider.lines);
    if (provider.created_at) file.parties.insert(provider.partner);  // the CSV names its partner by custom only
    return Done{};
}

Result<Side> side_named(std::string_view text)
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
        CHO40_FIELD(r.side, row.line(), "side", side_named(row["side"]));
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

// The answers in the file can be large and are none of our business: only the moments are looked at.
Result<std::vector<Checkpoint>> read_checkpoints(std::filesystem::path const& path)
{
    namespace json = simdjson::ondemand;
    auto const bad = [] { return fail(Errc::invalid_json, "expected.json must be an object with an array \"checkpoints\""); };
    simdjson::padded_string bytes;
    if (simdjson::padded_string::load(path.string()).get(bytes) != simdjson::SUCCESS)
        return fail(Errc::not_found, path.string() + " cannot be read");
    json::parser parser;
    json::document document;
    json::array items;
    if (parser.iterate(bytes).get(document) != simdjson::SUCCESS || document["checkpoints"].get_array().get(items) != simdjson::SUCCESS)
        return bad();
    std::vector<Checkpoint> checkpoints;
    for (auto item : items) {
        json::object object;
        if (item.get_object().get(object) != simdjson::SUCCESS) return bad();
        std::optional<std::string> as_of;
        std::optional<std::int64_t> seq;
        for (auto field : object) {
            std::string_view name;
            if (field.unescaped_key().get(name) != simdjson::SUCCESS) return bad();
            std::string_view text;
            std::int64_t number = 0;
            if (name == "as_of" && field.value().get_string().get(text) == simdjson::SUCCESS) as_of = text;
            if (name == "imports_up_to_seq" && field.value().get_int64().get(number) == simdjson::SUCCESS) seq = number;
        }
        if (!as_of || !seq || *seq < 0 || *seq > 1'000'000)
            return fail(Errc::invalid_json, "a checkpoint of expected.json needs as_of and imports_up_to_seq");
        Checkpoint checkpoint;
        CHO_TRY(checkpoint.as_of, parse_rfc3339(*as_of));
        checkpoint.imports_up_to_seq = static_cast<int>(*seq);
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

// Calls read(i) for every i below `count`, the largest first, on as many threads as the machine has, two at most: files
// are read beside each other, and what is read stands in memory anyway.
template <class Read>
void on_two_threads(std::vector<std::size_t> const& order, Read const& read)
{
    std::atomic<std::size_t> next = 0;
    auto const work = [&] {
        for (auto i = next++; i < order.size(); i = next++) read(order[i]);
    };
    std::optional<std::jthread> other;
    if (order.size() > 1 && std::thread::hardware_concurrency() > 1) other.emplace(work);
    work();
}

}  // namespace

Result<ImportedFile> read_case_file(std::filesystem::path const& path, Side side)
{
    FileBlocks blocks(path);
    ImportedFile file;
    file.side = side;
    file.name = path.filename().string();
    auto read = read_side(file, blocks);
    if (!read) {
        if (side == Side::internal || read.error().code == Errc::not_found) return fail(in_file(std::move(read).error(), path));
        file.provider.clear(), file.bank.clear();
        file.damage = in_file(std::move(read).error(), path).detail;
    }
    CHO_TRY_DO(blocks.rest({}));  // of a damaged file too all bytes are its identity
    file.digest = blocks.digest();
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
    if (auto const expected = folder / "expected.json"; std::filesystem::exists(expected)) {
        CHO_TRY(found.checkpoints, read_checkpoints(expected));
    } else {
        found.checkpoints.push_back(after_last_import(*rows));
    }
    std::vector<std::pair<std::uintmax_t, std::size_t>> sizes;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        std::error_code error;
        auto const size = std::filesystem::file_size(folder / (*rows)[i].file, error);
        sizes.emplace_back(error ? 0 : size, i);
    }
    std::ranges::sort(sizes, std::ranges::greater());
    std::vector<std::size_t> order;
    for (auto const& [size, i] : sizes) order.push_back(i);
    std::vector<std::optional<Result<ImportedFile>>> files(rows->size());
    on_two_threads(order, [&](std::size_t i) { files[i] = read_case_file(folder / (*rows)[i].file, (*rows)[i].side); });
    for (std::size_t i = 0; i < rows->size(); ++i) {
        auto const& row = (*rows)[i];
        CHO_TRY(auto file, *std::move(files[i]));
        file.received_at = row.received_at;
        file.business_date = row.business_date;
        file.revision = row.revision;
        found.imports.push_back({row.seq, std::move(file)});
    }
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
