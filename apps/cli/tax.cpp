#include "adapters/tax_gateway/json_object.h"
#include "adapters/tax_gateway/rates_json.h"
#include "adapters/tax_gateway/tax_json.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <memory>

namespace cho40::cli {
namespace {

nlohmann::ordered_json compute_one(nlohmann::json const& tax_case, etax::RateBook const& rates, std::string const& where)
{
    return value_or_stop(tax_gateway::compute_case(tax_case, rates, WorkingDays::embedded()), where);
}

void compute(std::string const& file, std::string const& rate_file)
{
    auto const value = value_or_stop(tax_gateway::parse_strict_json(read_input(file)), file);
    auto const rates = rate_file.empty() ? tax_gateway::embedded_rates()
                                         : value_or_stop(tax_gateway::read_rates(read_input(rate_file)), rate_file);
    nlohmann::ordered_json out;
    if (value.is_array()) {
        out = nlohmann::ordered_json::array();
        for (std::size_t i = 0; i < value.size(); ++i) { out.push_back(compute_one(value[i], rates, file + " /" + std::to_string(i))); }
    } else {
        out = compute_one(value, rates, file);
    }
    print_json(out, 2);
}

}  // namespace

void add_tax_commands(CLI::App& app)
{
    auto* group = app.add_subcommand("tax", "Tax of household businesses");
    group->require_subcommand(1);
    auto* command = group->add_subcommand("compute",
                                          "Computes VAT and PIT of a year, its quarters or one period, late interest, small amounts");
    auto file = std::make_shared<std::string>("-");
    auto rate_file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "a JSON object or an array of them; - or nothing reads standard input");
    command->add_option("--rates", *rate_file, "a rate file instead of the one built in");
    command->footer(
        "Example:\n"
        "  echo '{\"year\":2026,\"method\":\"revenue\",\"lines\":[{\"group\":\"a\",\"revenue\":1200000000}]}' | cho40 tax compute\n"
        "The shape is that of test_cases in etax/data/tax-rates.json; the answer adds vat, pit, figures per line, rules, why.");
    command->callback([file, rate_file] { compute(*file, *rate_file); });
}

}  // namespace cho40::cli
