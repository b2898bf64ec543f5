#include "reconcile/workflow/day_sheet.h"
#include "base/csv.h"
#include "base/sealed_csv.h"
#include "embedded/reconcile.h"
#include "reconcile/rules/rule.h"
#include "reconcile/sum.h"
#include "reconcile/workflow/break_policy.h"
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace cho40::reconcile {
namespace {

// Counted up when a rule starts to decide otherwise while its name stays.
constexpr std::string_view rules_version = "2026-11-23";

std::vector<std::string> columns() { return {"row", "id", "name", "date", "number", "count", "sum", "difference", "state", "sha256"}; }

constexpr std::array<std::string_view, 11> adjustment_names = {"ledger",        "provider",    "bank",           "matched",
                                                               "waiting",       "file_added",  "file_withdrawn", "break_opened",
                                                               "break_changed", "break_ended", "break_reopened"};

// One row of the file; what does not apply stays empty.
struct Cells {
    explicit Cells(std::string_view kind) : row(kind) {}
    std::string_view row;
    std::string id, name, date, number, count, sum, difference, state, sha256;
};

std::string text_of(Dong amount) { return std::to_string(amount.count()); }

void write(SealedCsv& out, Cells const& of)
{
    out.row({std::string(of.row), of.id, of.name, of.date, of.number, of.count, of.sum, of.difference, of.state, of.sha256});
}

void write(SealedCsv& out, std::string_view row, CountSum const& of)
{
    Cells cells(row);
    cells.count = std::to_string(of.count);
    cells.sum = text_of(of.sum);
    write(out, cells);
}

std::string_view side_name(Side side) { return side == Side::bank ? "bank" : "provider"; }

auto damaged(std::string_view what) { return fail(Errc::books_broken, "a stored day sheet cannot be read: " + std::string(what)); }

Result<std::int64_t> whole(std::string const& text)
{
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return damaged("\"" + text + "\" is no whole number");
    return value;
}

Result<Sha256> digest_in(std::string const& text)
{
    auto const bytes = from_hex(text);
    Sha256 digest{};
    if (!bytes || bytes->size() != digest.size()) return damaged("\"" + text + "\" is no SHA-256");
    std::ranges::copy(*bytes, digest.begin());
    return digest;
}

Result<CountSum> count_sum(CsvRow const& row)
{
    CountSum of;
    CHO_TRY(of.count, whole(row["count"]));
    CHO_TRY(auto const sum, whole(row["sum"]));
    of.sum = Dong(sum);
    return of;
}

Result<SheetFile> file_in(CsvRow const& row)
{
    SheetFile file;
    file.id = row["id"];
    file.side = row["name"] == side_name(Side::bank) ? Side::bank : Side::provider;
    CHO_TRY(file.date, Day::parse(row["date"]));
    CHO_TRY(auto const revision, whole(row["number"]));
    file.revision = static_cast<int>(revision);
    CHO_TRY(auto const lines, count_sum(row));
    file.lines = lines.count;
    file.sum = lines.sum;
    CHO_TRY(file.digest, digest_in(row["sha256"]));
    return file;
}

Result<SheetBreak> break_in(CsvRow const& row)
{
    SheetBreak found;
    found.id = row["id"];
    auto const kind = break_class_from(row["name"]);
    if (!kind) return damaged("there is no class " + row["name"]);
    found.kind = *kind;
    CHO_TRY(auto const at_stake, whole(row["sum"]));
    CHO_TRY(auto const delta, whole(row["difference"]));
    found.at_stake = Dong(at_stake);
    found.delta = Dong(delta);
    if (row["state"] != "open") {
        found.ended = break_state_from(row["state"]);
        if (!found.ended) return damaged("there is no state " + row["state"]);
    }
    return found;
}

Result<SheetEquation> equation_in(CsvRow const& row)
{
    SheetEquation equation;
    CHO_TRY(auto const number, whole(row["number"]));
    CHO_TRY(auto const left, whole(row["sum"]));
    CHO_TRY(auto const right, whole(row["difference"]));
    equation.number = static_cast<int>(number);
    equation.name = row["name"];
    equation.left = Dong(left);
    equation.right = Dong(right);
    return equation;
}

Result<Adjustment> adjustment_in(CsvRow const& row)
{
    Adjustment adjustment;
    auto const kind = adjustment_kind_from(row["name"]);
    if (!kind) return damaged("there is no adjustment " + row["name"]);
    adjustment.kind = *kind;
    adjustment.subject = row["id"];
    CHO_TRY(auto const of, count_sum(row));
    adjustment.count = of.count;
    adjustment.sum = of.sum;
    return adjustment;
}

Result<Done> take_heading(DaySheet& sheet, CsvRow const& row)
{
    sheet.partner = row["id"];
    sheet.partner_name = row["name"];
    CHO_TRY(sheet.day, Day::parse(row["date"]));
    CHO_TRY(auto const number, whole(row["number"]));
    sheet.number = static_cast<int>(number);
    return Done{};
}

Result<Done> take(DaySheet& sheet, CsvRow const& row)
{
    auto const& kind = row["row"];
    if (kind == "day") return take_heading(sheet, row);
    if (kind == "continues") {
        CHO_TRY(sheet.previous, digest_in(row["sha256"]));
    } else if (kind == "rules") {
        CHO_TRY(sheet.rules, digest_in(row["sha256"]));
    } else if (kind == "run") {
        sheet.run = row["id"];
        CHO_TRY(sheet.as_of, parse_rfc3339(row["date"]));
    } else if (kind == "ledger") {
        CHO_TRY(sheet.ledger, count_sum(row));
    } else if (kind == "matched") {
        CHO_TRY(sheet.matched, count_sum(row));
    } else if (kind == "waiting") {
        CHO_TRY(sheet.waiting, count_sum(row));
    } else if (kind == "equation") {
        CHO_TRY(auto equation, equation_in(row));
        sheet.equations.push_back(std::move(equation));
    } else if (kind == "file") {
        CHO_TRY(auto file, file_in(row));
        sheet.files.push_back(std::move(file));
    } else if (kind == "break") {
        CHO_TRY(auto found, break_in(row));
        sheet.breaks.push_back(std::move(found));
    } else if (kind == "adjustment") {
        CHO_TRY(auto adjustment, adjustment_in(row));
        sheet.adjustments.push_back(std::move(adjustment));
    } else if (kind != "provider" && kind != "bank" && kind != "class") {  // those are sums of what stands in other rows
        return damaged("there is no row " + kind);
    }
    return Done{};
}

void write_heading(SealedCsv& out, DaySheet const& sheet)
{
    Cells day("day");
    day.id = sheet.partner;
    day.name = sheet.partner_name;
    day.date = sheet.day.to_string();
    day.number = std::to_string(sheet.number);
    write(out, day);
    if (sheet.previous) {
        Cells previous("continues");
        previous.sha256 = to_hex(*sheet.previous);
        write(out, previous);
    }
    Cells rules("rules");
    rules.sha256 = to_hex(sheet.rules);
    write(out, rules);
    Cells run("run");
    run.id = sheet.run;
    run.date = to_rfc3339_micro(sheet.as_of);
    write(out, run);
}

void write_lists(SealedCsv& out, DaySheet const& sheet)
{
    for (auto const& equation : sheet.equations) {
        Cells cells("equation");
        cells.name = equation.name;
        cells.number = std::to_string(equation.number);
        cells.sum = text_of(equation.left);
        cells.difference = text_of(equation.right);
        write(out, cells);
    }
    for (auto const& file : sheet.files) {
        Cells cells("file");
        cells.id = file.id;
        cells.name = side_name(file.side);
        cells.date = file.date.to_string();
        cells.number = std::to_string(file.revision);
        cells.count = std::to_string(file.lines);
        cells.sum = text_of(file.sum);
        cells.sha256 = to_hex(file.digest);
        write(out, cells);
    }
    for (auto const& found : sheet.breaks) {
        Cells cells("break");
        cells.id = found.id;
        cells.name = name_of(found.kind);
        cells.sum = text_of(found.at_stake);
        cells.difference = text_of(found.delta);
        cells.state = found.ended ? name_of(*found.ended) : "open";
        write(out, cells);
    }
    for (auto const& adjustment : sheet.adjustments) {
        Cells cells("adjustment");
        cells.id = adjustment.subject;
        cells.name = name_of(adjustment.kind);
        cells.count = std::to_string(adjustment.count);
        cells.sum = text_of(adjustment.sum);
        write(out, cells);
    }
}

}  // namespace

std::string_view name_of(AdjustmentKind kind) { return adjustment_names[static_cast<std::size_t>(kind)]; }

std::optional<AdjustmentKind> adjustment_kind_from(std::string_view name)
{
    auto const found = std::ranges::find(adjustment_names, name);
    if (found == adjustment_names.end()) return std::nullopt;
    return static_cast<AdjustmentKind>(found - adjustment_names.begin());
}

Result<CountSum> DaySheet::lines_of(Side side) const
{
    CountSum of;
    Sum sum;
    for (auto const& file : files) {
        if (file.side != side || file.date != day) continue;
        of.count += file.lines;
        sum.add(file.sum);
    }
    CHO_TRY(of.sum, sum.total());
    return of;
}

Result<std::vector<ClassFigures>> class_figures(DaySheet const& sheet)
{
    struct Sums {
        std::int64_t count = 0, open = 0;
        Sum delta, at_stake;
    };
    std::map<BreakClass, Sums> by_class;
    for (auto const& found : sheet.breaks) {
        auto& of = by_class[found.kind];
        ++of.count;
        of.open += found.ended ? 0 : 1;
        of.delta.add(found.delta);
        of.at_stake.add(found.at_stake);
    }
    std::vector<ClassFigures> out;
    for (auto const& [kind, of] : by_class) {
        ClassFigures figures{kind, of.count, of.open, {}, {}};
        CHO_TRY(figures.delta, of.delta.total());
        CHO_TRY(figures.at_stake, of.at_stake.total());
        out.push_back(figures);
    }
    return out;
}

Result<std::string> sheet_csv(DaySheet const& sheet)
{
    SealedCsv out(columns());
    write_heading(out, sheet);
    CHO_TRY(auto const provider, sheet.lines_of(Side::provider));
    CHO_TRY(auto const bank, sheet.lines_of(Side::bank));
    write(out, "ledger", sheet.ledger);
    write(out, "provider", provider);
    write(out, "bank", bank);
    write(out, "matched", sheet.matched);
    write(out, "waiting", sheet.waiting);
    CHO_TRY(auto const classes, class_figures(sheet));
    for (auto const& of : classes) {
        Cells cells("class");
        cells.name = name_of(of.kind);
        cells.number = std::to_string(of.open);
        cells.count = std::to_string(of.count);
        cells.sum = text_of(of.at_stake);
        cells.difference = text_of(of.delta);
        write(out, cells);
    }
    write_lists(out, sheet);
    return std::move(out).seal(sheet.ledger.count, sheet.ledger.sum);
}

Result<DaySheet> read_sheet(std::string_view csv)
{
    CHO_TRY_DO(sealed_digest(csv));
    auto const table = CsvTable::parse(sealed_content(csv), columns());
    if (!table) return damaged(table.error().detail);
    DaySheet sheet;
    for (auto const& row : table->rows()) {
        auto const taken = take(sheet, row);
        if (!taken) return damaged(taken.error().detail);
    }
    return sheet;
}

Sha256 const& rule_set_digest()
{
    static Sha256 const digest = [] {
        std::string text(rules_version);
        for (auto const& rule : rules_in_order()) (text += '\n') += rule->name();
        for (std::string_view const table : {embedded::partners_csv, embedded::break_resolutions_2026_11_22_csv,
                                             embedded::break_targets_2026_11_22_csv, embedded::break_causes_2026_11_22_csv})
            (text += '\n') += to_hex(sha256(table));
        return sha256(text);
    }();
    return digest;
}

}  // namespace cho40::reconcile
