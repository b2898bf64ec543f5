#include "adapters/statements/provider_file.h"
#include "adapters/statements/csv_records.h"
#include "adapters/statements/fields.h"
#include "base/digest.h"
#include "base/text.h"
#include "reconcile/sum.h"
#include <array>

namespace cho40::statements {
namespace {

using reconcile::LineStatus;
using reconcile::ProviderLine;

// 20261117
Result<Day> read_compact_day(std::string_view text)
{
    if (text.size() != 8) return fail(Errc::invalid_date, "a day must be yyyymmdd");
    return Day::parse(std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" + std::string(text.substr(6)));
}

// 20261117103000, local, 24 hours
Result<Instant> read_compact_time(std::string_view text)
{
    if (text.size() != 14) return fail(Errc::invalid_date, "a time must be yyyyMMddHHmmss");
    auto const part = [&](std::size_t from, std::size_t size) { return std::string(text.substr(from, size)); };
    return parse_local_time(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + " " + part(8, 2) + ":" + part(10, 2) + ":" + part(12, 2));
}

std::string compact(std::string text)
{
    std::erase_if(text, [](char c) { return c == '-' || c == ' ' || c == ':'; });
    return text;
}

std::vector<std::string_view> split_fields(std::string_view line)
{
    std::vector<std::string_view> fields;
    while (true) {
        auto const bar = line.find('|');
        fields.push_back(line.substr(0, bar));
        if (bar == line.npos) return fields;
        line.remove_prefix(bar + 1);
    }
}

struct FileSums {
    std::int64_t count = 0;
    reconcile::Sum gross, fee, net;

    void add(ProviderLine const& line)
    {
        ++count;
        if (line.status != LineStatus::success) return;
        gross.add(reconcile::signed_amount(line.kind, line.amount));
        fee.add(line.fee);
        net.add(line.net);
    }
};

class PipeReading {
public:
    Result<Done> feed(std::string_view block)
    {
        while (!block.empty()) {
            auto const end = block.find('\n');
            auto const part = block.substr(0, end);
            if (cut_.size() + part.size() > line_bytes_max) {
                ++line_;
                return wrong("the line is longer than 64 KiB");
            }
            if (end == block.npos) {
                cut_ += part;
                return Done{};
            }
            if (cut_.empty()) {
                CHO_TRY_DO(take(block.substr(0, end + 1)));
            } else {
                cut_ += block.substr(0, end + 1);
                CHO_TRY_DO(take(cut_));
                cut_.clear();
            }
            block.remove_prefix(end + 1);
        }
        return Done{};
    }

    Result<ProviderFile> finish()
    {
        if (!cut_.empty()) CHO_TRY_DO(take(cut_));
        if (!ended_) return fail(Errc::file_integrity, "the trailer is missing: the file was cut", "line " + std::to_string(line_ + 1));
        return std::move(file_);
    }

private:
    tl::unexpected<Error> wrong(std::string what) const
    {
        return fail(Errc::invalid_input, std::move(what), "line " + std::to_string(line_));
    }
    tl::unexpected<Error> broken(std::string what) const
    {
        return fail(Errc::file_integrity, std::move(what), "line " + std::to_string(line_));
    }

    static constexpr std::size_t line_bytes_max = 64 * 1024;

    // A line with the line break it ends with, if there is one.
    Result<Done> take(std::string_view line)
    {
        ++line_;
        auto const text = line.ends_with('\n') ? line.substr(0, line.size() - 1) : line;
        if (!is_valid_utf8(text)) return fail(Errc::invalid_utf8, "the file is not UTF-8", "line " + std::to_string(line_));
        if (text.find('\0') != text.npos) return fail(Errc::invalid_csv, "the file holds a NUL byte", "line " + std::to_string(line_));
        CHO_TRY_DO(read(text));
        before_.add(line);
        return Done{};
    }

    Result<Done> read(std::string_view line)
    {
        if (ended_) return wrong("nothing may follow the trailer");
        auto const fields = split_fields(line);
        if (line_ == 1) return header(fields);
        if (fields[0] == "D") return detail(fields);
        if (fields[0] == "T") return trailer(fields);
        return wrong("a line must start with D| or T|");
    }

    Result<Done> header(std::vector<std::string_view> const& f)
    {
        if (f.size() != 7 || f[0] != "H" || f[1] != "CHO40" || f[2] != "DS" || f[3].empty()) {
            return wrong("the first line must be H|CHO40|DS|partner|yyyymmdd|revision|created_at");
        }
        file_.partner = f[3];
        CHO40_FIELD(file_.business_date, line_, "day", read_compact_day(f[4]));
        std::int64_t revision = 0;
        CHO40_FIELD(revision, line_, "revision", read_count(f[5]));
        if (revision < 1 || revision > 9999) return wrong("the revision must be from 1 to 9999");
        file_.revision = static_cast<int>(revision);
        CHO40_FIELD(file_.created_at, line_, "created_at", f[6].size() == 14 ? read_compact_time(f[6]) : parse_rfc3339(f[6]));
        file_id_ = file_.partner + "-" + std::string(f[4]) + "-" + std::to_string(revision);
        return Done{};
    }

    Result<Done> detail(std::vector<std::string_view> const& f)
    {
        if (f.size() != 12) return wrong("a D line has 12 fields, not " + std::to_string(f.size()));
        ProviderLine line;
        line.file_id = file_id_;
        line.business_date = *file_.business_date;
        CHO40_FIELD(line.line_no, line_, "seq", read_count(f[1]));
        if (line.line_no != sums_.count + 1)
            return broken("seq " + std::string(f[1].substr(0, 20)) + " where " + std::to_string(sums_.count + 1) + " is due");
        line.order_ref = f[2];
        line.provider_txn_id = f[3];
        CHO40_FIELD(line.kind, line_, "type", read_line_kind(f[4]));
        CHO40_FIELD(line.amount, line_, "amount", read_dong(f[5]));
        CHO40_FIELD(line.fee, line_, "fee", read_dong(f[6]));
        CHO40_FIELD(line.net, line_, "net", read_dong(f[7]));
        CHO40_FIELD(line.status, line_, "status", read_line_status(f[8]));
        CHO40_FIELD(line.at, line_, "time", read_compact_time(f[9]));
        line.batch = f[10];
        if (!f[11].empty() || !line.batch.empty()) CHO40_FIELD(line.settlement_date, line_, "settlement day", read_compact_day(f[11]));
        sums_.add(line);
        file_.lines.push_back(std::move(line));
        return Done{};
    }

    Result<Done> trailer(std::vector<std::string_view> const& f)
    {
        if (f.size() != 6) return wrong("a T line has 6 fields, not " + std::to_string(f.size()));
        auto const check = [&](std::string_view what, std::string_view said, Result<Dong> const& found) -> Result<Done> {
            if (!found) return fail(found.error());
            Dong value;
            CHO40_FIELD(value, line_, what, read_dong(said));
            if (value == *found) return Done{};
            return broken("the trailer says " + std::string(what) + " " + std::string(said) + ", the lines make " +
                          std::to_string(found->count()));
        };
        CHO_TRY_DO(check("count", f[1], Dong(sums_.count)));
        CHO_TRY_DO(check("gross", f[2], sums_.gross.total()));
        CHO_TRY_DO(check("fee", f[3], sums_.fee.total()));
        CHO_TRY_DO(check("net", f[4], sums_.net.total()));
        if (f[5] != to_hex(before_.digest())) return broken("the hash of the trailer is not that of the lines before it");
        ended_ = true;
        return Done{};
    }

    Sha256Stream before_;  // all lines before this one
    std::string cut_;      // of a line whose end is in the next block
    ProviderFile file_;
    std::string file_id_;
    FileSums sums_;
    std::size_t line_ = 0;
    bool ended_ = false;
};

Result<ProviderLine> read_csv_row(CsvRows::Row const& row)
{
    enum {
        file_id,
        line_no,
        business_date,
        provider_txn_id,
        order_ref,
        type,
        amount_vnd,
        fee_vnd,
        net_vnd,
        status,
        txn_time,
        settlement_batch,
        settlement_date
    };
    ProviderLine line;
    auto const at = row.line();
    line.file_id = row[file_id];
    line.provider_txn_id = row[provider_txn_id];
    line.order_ref = row[order_ref];
    line.batch = row[settlement_batch];
    CHO40_FIELD(line.line_no, at, "line_no", read_count(row[line_no]));
    CHO40_FIELD(line.business_date, at, "business_date", Day::parse(row[business_date]));
    CHO40_FIELD(line.kind, at, "type", read_line_kind(row[type]));
    CHO40_FIELD(line.amount, at, "amount_vnd", read_dong(row[amount_vnd]));
    CHO40_FIELD(line.fee, at, "fee_vnd", read_dong(row[fee_vnd]));
    CHO40_FIELD(line.net, at, "net_vnd", read_dong(row[net_vnd]));
    CHO40_FIELD(line.status, at, "status", read_line_status(row[status]));
    CHO40_FIELD(line.at, at, "txn_time", parse_local_time(row[txn_time]));
    if (!row[settlement_date].empty() || !line.batch.empty())
        CHO40_FIELD(line.settlement_date, at, "settlement_date", Day::parse(row[settlement_date]));
    return line;
}

CsvRecords<ProviderLine> csv_reader(std::uint64_t bytes_in_all)
{
    return {{"file_id", "line_no", "business_date", "provider_txn_id", "order_ref", "type", "amount_vnd", "fee_vnd", "net_vnd", "status",
             "txn_time", "settlement_batch", "settlement_date"},
            read_csv_row,
            bytes_in_all};
}

Result<ProviderFile> finish_csv(CsvRecords<ProviderLine>& reader)
{
    ProviderFile file;
    CHO_TRY(file.lines, reader.finish());
    if (file.lines.empty()) return file;
    auto const& first = file.lines.front();
    file.business_date = first.business_date;
    file.partner = first.file_id.view().substr(0, first.file_id.view().find('-'));
    return file;
}

}  // namespace

struct ProviderFileReader::Form {
    std::optional<PipeReading> pipe;
    std::optional<CsvRecords<ProviderLine>> csv;

    Result<Done> feed(std::string_view block) { return pipe ? pipe->feed(block) : csv->feed(block); }
};

ProviderFileReader::ProviderFileReader(std::uint64_t bytes_in_all) : bytes_in_all_(bytes_in_all) {}
ProviderFileReader::~ProviderFileReader() = default;
ProviderFileReader::ProviderFileReader(ProviderFileReader&&) noexcept = default;
ProviderFileReader& ProviderFileReader::operator=(ProviderFileReader&&) noexcept = default;

void ProviderFileReader::choose(std::string_view first_bytes)
{
    form_ = std::make_unique<Form>();
    if (first_bytes.starts_with("H|")) form_->pipe.emplace();
    else form_->csv.emplace(csv_reader(bytes_in_all_));
}

Result<Done> ProviderFileReader::feed(std::string_view block)
{
    if (form_) return form_->feed(block);
    if (!head_.empty()) {
        head_ += block;
        block = head_;
    }
    if (block.size() < 2) {
        head_ = block;
        return Done{};
    }
    choose(block);
    return form_->feed(block);
}

Result<ProviderFile> ProviderFileReader::finish()
{
    if (!form_) {
        choose(head_);
        CHO_TRY_DO(form_->feed(head_));
    }
    if (form_->pipe) return form_->pipe->finish();
    return finish_csv(*form_->csv);
}

Result<ProviderFile> read_provider_csv(std::string_view bytes)
{
    auto reader = csv_reader(0);
    CHO_TRY_DO(reader.feed(bytes));
    return finish_csv(reader);
}

std::string write_provider_csv(std::vector<ProviderLine> const& lines)
{
    std::string out =
        "file_id,line_no,business_date,provider_txn_id,order_ref,type,amount_vnd,fee_vnd,net_vnd,status,txn_time,settlement_batch,settlement_date\n";
    for (auto const& line : lines) {
        std::array const cells = {csv_cell(line.file_id),
                                  std::to_string(line.line_no),
                                  line.business_date.to_string(),
                                  csv_cell(line.provider_txn_id),
                                  csv_cell(line.order_ref),
                                  std::string(line_kind(line.kind)),
                                  std::to_string(line.amount.count()),
                                  std::to_string(line.fee.count()),
                                  std::to_string(line.net.count()),
                                  std::string(line_status(line.status)),
                                  to_local_time(line.at),
                                  csv_cell(line.batch),
                                  line.batch.empty() ? std::string() : line.settlement_date.to_string()};
        for (std::size_t i = 0; i < cells.size(); ++i) out.append(i ? "," : "").append(cells[i]);
        out += '\n';
    }
    return out;
}

Result<ProviderFile> read_provider_pipe(std::string_view bytes)
{
    PipeReading reading;
    CHO_TRY_DO(reading.feed(bytes));
    return reading.finish();
}

Result<std::string> write_provider_pipe(ProviderFile const& file)
{
    auto const plain = [](std::string_view text) { return text.find_first_of("|\r\n") == text.npos; };
    if (!file.business_date || !file.created_at || file.revision < 1 || file.partner.empty() || !plain(file.partner)) {
        return fail(Errc::invalid_input, "the header needs partner, day, revision and time");
    }
    std::string out = "H|CHO40|DS|" + file.partner + "|" + compact(file.business_date->to_string()) + "|" + std::to_string(file.revision) +
                      "|" + compact(to_local_time(*file.created_at)) + "\n";
    FileSums sums;
    for (auto const& line : file.lines) {
        if (!plain(line.order_ref) || !plain(line.provider_txn_id) || !plain(line.batch)) {
            return fail(Errc::invalid_input, "a field holds '|' or a line break: " + line.id());
        }
        sums.add(line);
        std::array const fields = {std::string("D"),
                                   std::to_string(sums.count),
                                   line.order_ref.str(),
                                   line.provider_txn_id.str(),
                                   std::string(line_kind(line.kind)),
                                   std::to_string(line.amount.count()),
                                   std::to_string(line.fee.count()),
                                   std::to_string(line.net.count()),
                                   std::string(line_status(line.status)),
                                   compact(to_local_time(line.at)),
                                   line.batch.str(),
                                   line.batch.empty() ? std::string() : compact(line.settlement_date.to_string())};
        for (std::size_t i = 0; i < fields.size(); ++i) out.append(i ? "|" : "").append(fields[i]);
        out += '\n';
    }
    CHO_TRY(auto const gross, sums.gross.total());
    CHO_TRY(auto const fee, sums.fee.total());
    CHO_TRY(auto const net, sums.net.total());
    out += "T|" + std::to_string(sums.count) + "|" + std::to_string(gross.count()) + "|" + std::to_string(fee.count()) + "|" +
           std::to_string(net.count()) + "|" + to_hex(sha256(out)) + "\n";
    return out;
}

Result<ProviderFile> read_provider_file(std::string_view bytes)
{
    ProviderFileReader reader(bytes.size());
    CHO_TRY_DO(reader.feed(bytes));
    return reader.finish();
}

}  // namespace cho40::statements
