#include "adapters/statements/case_answer.h"
#include "adapters/statements/fields.h"
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::statements {
namespace {

using reconcile::RunResult;

// Nothing in it that JSON writes otherwise.
bool is_plain(std::string_view text)
{
    return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

// Writes as it goes: a day of a million payments needs neither a tree of JSON values in memory nor the whole text.
class Writer {
public:
    explicit Writer(AnswerSink const& sink) : sink_(sink) {}

    void end()
    {
        sink_(out_);
        out_.clear();
    }

    void quoted(std::string_view text)
    {
        if (is_plain(text)) ((out_ += '"') += text) += '"';
        else out_ += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
    void raw(std::string_view text) { out_ += text; }
    void amount(Dong value) { integer(value.count()); }
    void line(std::string_view name, reconcile::LineId const& id)
    {
        if (!is_plain(id.file_id)) return text(name, id.text());
        member(name);
        ((out_ += '"') += id.file_id.view()) += ':';
        integer(id.line_no);
        out_ += '"';
        first_ = false;
    }

    // Names are ours and plain.
    void member(std::string_view name)
    {
        comma();
        ((out_ += '"') += name) += "\":";
        first_ = true;
    }

    void open(char bracket)
    {
        out_ += bracket;
        first_ = true;
    }

    void close(char bracket)
    {
        out_ += bracket;
        first_ = false;
    }

    void text(std::string_view name, std::string_view value)
    {
        member(name);
        quoted(value);
        first_ = false;
    }

    void number(std::string_view name, Dong value)
    {
        member(name);
        amount(value);
        first_ = false;
    }

    void count(std::string_view name, int value)
    {
        member(name);
        integer(value);
        first_ = false;
    }

    template <class List, class Text>
    void list(std::string_view name, List const& values, Text text_of)
    {
        member(name);
        open('[');
        for (auto const& value : values) {
            comma();
            quoted(text_of(value));
        }
        close(']');
    }

    // A list of objects, each on a line of its own; `write` writes the members of one.
    template <class List, class Write>
    void objects(std::string_view name, List const& values, Write write)
    {
        member(name);
        open('[');
        for (auto const& value : values) {
            comma();
            out_ += '\n';
            open('{');
            write(value);
            close('}');
            if (out_.size() >= block) end();
        }
        close(']');
    }

    void ids(std::string_view name, reconcile::Ids const& values)
    {
        list(name, values, [](auto const& v) -> std::string_view { return v; });
    }

    void rule(reconcile::MatchRule rule, reconcile::Flags flags)
    {
        text("rule", name_of(rule));
        if (flags == reconcile::Flags()) return raw(",\"flags\":[]");
        list("flags", flags.list(), [](auto v) { return name_of(v); });
    }

    void batch(std::optional<std::string> const& value)
    {
        member("batch");
        if (value) quoted(*value);
        else raw("null");
        first_ = false;
    }

private:
    void comma()
    {
        if (!first_) out_ += ',';
        first_ = false;
    }

    void integer(std::int64_t value)
    {
        char digits[24];
        auto const [end, error] = std::to_chars(digits, digits + sizeof digits, value);
        out_.append(digits, end);
    }

    static constexpr std::size_t block = 1024 * 1024;
    AnswerSink const& sink_;
    std::string out_;
    bool first_ = true;
};

void write_matches(Writer& w, RunResult const& result)
{
    w.member("matches");
    w.open('{');
    w.objects("internal_provider", result.internal_provider,
              [&](auto const& m) { w.text("internal", m.internal), w.line("provider", m.provider), w.rule(m.rule, m.flags); });
    w.objects("provider_bank", result.provider_bank, [&](auto const& m) {
        w.text("batch", m.batch), w.number("expected_net_vnd", m.expected_net), w.ids("bank", m.bank), w.rule(m.rule, m.flags);
    });
    w.objects("internal_bank", result.internal_bank,
              [&](auto const& m) { w.text("internal", m.internal), w.text("bank", m.bank), w.rule(m.rule, m.flags); });
    w.close('}');
}

void write_breaks(Writer& w, RunResult const& result)
{
    w.objects("breaks", result.breaks, [&](auto const& b) {
        w.text("class", name_of(b.kind)), w.ids("internal", b.internal), w.ids("provider", b.provider), w.ids("bank", b.bank),
            w.batch(b.batch);
        if (b.business_date) w.text("business_date", b.business_date->to_string());
        if (b.file) w.text("file", *b.file);
        w.number("delta_vnd", b.delta), w.text("why", b.why);
    });
}

void write_pending(Writer& w, RunResult const& result)
{
    w.objects("pending", result.pending, [&](auto const& p) {
        w.text("class", name_of(p.kind)), w.ids("internal", p.internal), w.ids("bank", p.bank), w.batch(p.batch);
    });
}

void write_totals(Writer& w, reconcile::Totals const& t)
{
    w.member("totals");
    w.open('{');
    w.number("internal_net_vnd", t.internal_net), w.number("provider_gross_vnd", t.provider_gross),
        w.number("provider_fee_vnd", t.provider_fee);
    w.number("provider_net_vnd", t.provider_net), w.number("bank_credit_vnd", t.bank_credit), w.number("bank_debit_vnd", t.bank_debit);
    w.close('}');
}

}  // namespace

Result<std::vector<CheckpointAnswer>> answer_case(CaseFolder folder, reconcile::Settings const& settings)
{
    // Files are imported once, in order, so the checkpoints are visited in the order of what they have seen.
    std::vector<std::size_t> order(folder.checkpoints.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(folder.checkpoints[i].imports_up_to_seq, i); });

    reconcile::FileRegister files(settings);
    std::vector<std::pair<int, reconcile::ImportResult>> results;
    std::vector<CheckpointAnswer> answers(folder.checkpoints.size());
    std::size_t next = 0;
    for (auto i : order) {
        auto& answer = answers[i];
        answer.checkpoint = folder.checkpoints[i];
        for (; next < folder.imports.size() && folder.imports[next].seq <= answer.checkpoint.imports_up_to_seq; ++next) {
            auto& import = folder.imports[next];
            results.emplace_back(import.seq, files.import(std::move(import.file)));
        }
        answer.imports = results;
        CHO_TRY(answer.result, reconcile::reconcile_day(files.input(answer.checkpoint.as_of), settings));
    }
    return answers;
}

void write_answers(std::vector<CheckpointAnswer> const& answers, AnswerSink const& sink)
{
    Writer w(sink);
    w.open('{');
    w.objects("checkpoints", answers, [&](CheckpointAnswer const& answer) {
        w.text("as_of", utc_text(answer.checkpoint.as_of));
        w.count("imports_up_to_seq", answer.checkpoint.imports_up_to_seq);
        w.objects("imports", answer.imports,
                  [&](auto const& import) { w.count("seq", import.first), w.text("result", name_of(import.second)); });
        write_matches(w, answer.result);
        write_breaks(w, answer.result);
        write_pending(w, answer.result);
        write_totals(w, answer.result.totals);
    });
    w.close('}');
    w.raw("\n");
    w.end();
}

std::string write_answers(std::vector<CheckpointAnswer> const& answers)
{
    std::string out;
    write_answers(answers, [&](std::string_view part) { out += part; });
    return out;
}

}  // namespace cho40::statements
