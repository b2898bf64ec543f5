#include "apps/cli/io.h"
#include "base/text.h"
#include "etax/tax_code.h"
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

nlohmann::ordered_json answer(std::string const& input)
{
    auto const check = etax::check_tax_code(input);
    nlohmann::ordered_json out;
    out["input"] = input;
    out["valid"] = check.valid;
    out["kind"] = check.valid ? nlohmann::ordered_json(etax::name_of(check.kind)) : nlohmann::ordered_json();
    out["canonical"] = check.valid ? nlohmann::ordered_json(check.canonical) : nlohmann::ordered_json();
    out["why"] = check.valid ? nlohmann::ordered_json() : nlohmann::ordered_json(etax::name_of(check.fault));
    out["explanation"] = etax::explain(check);
    if (!check.warnings.empty()) out["warnings"] = check.warnings;
    return out;
}

void check_all(std::vector<std::string> const& arguments)
{
    bool all = true;
    for (auto const& code : arguments_or_lines(arguments)) {
        auto const line = answer(code);
        all = all && line["valid"];
        // Bytes that are not UTF-8 cannot be a tax code; the echo shows them as U+FFFD.
        print_json(line);
    }
    if (!all) throw Stop{Exit::negative, ""};
}

}  // namespace

void add_taxcode_commands(CLI::App& app)
{
    auto* group = app.add_subcommand("taxcode", "Tax codes (mã số thuế)");
    group->require_subcommand(1);
    auto* check = group->add_subcommand("check", "Whether texts are tax codes: one JSON object a line; exit 1 when one is not");
    auto codes = std::make_shared<std::vector<std::string>>();
    check->add_option("CODES", *codes, "tax codes; without any, or with -, one a line from standard input");
    check->footer("Example:\n  cho40 taxcode check 0100109106 022185000000\n"
                  "kind: TEN, THIRTEEN, PERSONAL_ID. why: EMPTY, NON_DIGIT, LENGTH, SEQUENCE_ZERO, BRANCH_ZERO, NO_CHECK_DIGIT, CHECKSUM.");
    check->callback([codes] { check_all(*codes); });
}

}  // namespace cho40::cli
