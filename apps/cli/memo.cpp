#include "qr-pay/memo.h"
#include "apps/cli/io.h"
#include "base/text.h"
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace cho40::cli {
namespace {

using Json = nlohmann::ordered_json;
using Codes = std::unordered_set<std::string>;

// One code a line; blank lines are allowed. A code whose check character does not fit cannot have been given out by us: it is
// mistyped, and nothing may be matched with it.
Codes read_codes(std::string const& path)
{
    Codes codes;
    auto const bytes = read_input(path);
    std::string_view rest = bytes;
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (rest.starts_with(byte_order_mark)) rest.remove_prefix(byte_order_mark.size());
    for (std::size_t line = 1; !rest.empty(); ++line) {
        auto const end = rest.find('\n');
        auto const code = to_ascii_upper(trim(rest.substr(0, end)));
        rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
        if (code.empty()) continue;
        if (auto const parsed = qr_pay::OrderCode::parse(code); !parsed) {
            std::cerr << "cho40: " << path << " line " << line << ": " << parsed.error().detail << "; left out\n";
            continue;
        }
        codes.insert(code);
    }
    return codes;
}

Json as_json(qr_pay::MemoReading const& reading)
{
    Json json{{"result", name_of(reading.result)}};
    switch (reading.result) {
    case qr_pay::MemoResult::match: json["code"] = reading.codes.front(); break;
    case qr_pay::MemoResult::suggest:
        json["code"] = reading.codes.front();
        json["why"] = reading.why;
        break;
    case qr_pay::MemoResult::ambiguous: json["codes"] = reading.codes; break;
    case qr_pay::MemoResult::none: break;
    }
    return json;
}

void extract(std::vector<std::string> const& arguments, std::string const& codes_path)
{
    std::optional<Codes> codes;
    if (!codes_path.empty()) codes = read_codes(codes_path);
    auto const is_known = [&](std::string_view code) {
        return codes ? codes->contains(std::string(code)) : qr_pay::OrderCode::parse(code).has_value();
    };
    for (auto const& narrative : arguments_or_lines(arguments)) { print_json(as_json(qr_pay::extract_codes(narrative, is_known))); }
}

}  // namespace

void add_memo_commands(CLI::App& app)
{
    auto* const memo = app.add_subcommand("memo", "Read what banks make of a payer's memo");
    memo->require_subcommand(1);

    auto const narratives = std::make_shared<std::vector<std::string>>();
    auto const codes = std::make_shared<std::string>();
    auto* const extracting = memo->add_subcommand("extract", "Find order codes in bank narratives: one JSON object a line");
    extracting->add_option("narrative", *narratives, "Narratives; without any, one a line from standard input");
    extracting->add_option("--codes", *codes,
                           "File of the order codes known for the account, one a line; without it every well-formed code is known");
    extracting->add_flag("--json")->description("JSON is what this command always prints");
    extracting->footer("Example: echo 'MBVCB.3278907687.CQ7K2 M4X7 tien ca' | cho40 memo extract --codes codes.txt");
    extracting->callback([narratives, codes] { extract(*narratives, *codes); });
}

}  // namespace cho40::cli
