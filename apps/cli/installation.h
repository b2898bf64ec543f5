#pragma once
#include "apps/cli/io.h"
#include "apps/config/config.h"
#include <cstdlib>

namespace cho40::cli {

// The configuration of the installation this tool works for: the file named by CHO40_CONFIG (deploy/run's wrapper sets
// it), and the environment. Problems are not told here: a command asks for what it needs.
[[nodiscard]] inline config::Config installation()
{
    auto const* file = std::getenv("CHO40_CONFIG");
    std::string const text = file && *file ? read_input(file) : std::string();
    return config::load(text, config::process_environment()).config;
}

[[nodiscard]] inline std::string environment_or(char const* name, std::string fallback)
{
    auto const* value = std::getenv(name);
    return value && *value ? std::string(value) : fallback;
}

}  // namespace cho40::cli
