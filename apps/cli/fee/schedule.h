#pragma once
#include <CLI/CLI.hpp>

namespace cho40::cli {

// `fee check-schedule` and `fee import-schedule`, below `fee`.
void add_fee_schedule_commands(CLI::App& fee);

}  // namespace cho40::cli
