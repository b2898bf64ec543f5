#pragma once
#include "apps/cli/bench/figure.h"
#include "apps/cli/bench/installation.h"
#include "apps/cli/database.h"

namespace cho40::cli::bench {

// Transfers through the service's own HTTP interface, in bulk and one by one, with the load on the same processors. Starts
// the service of the installation and stops it. `copy_rate`: rows a second that COPY alone writes, the limit of the bulk rate.
// Beside `copy_rate`, rows a second that COPY alone wrote in the same run, when that was measured.
void measure_service(PrivateInstallation& installation, Database& database, bool quick, std::optional<double> copy_rate,
                     std::vector<Figure>& figures);

}  // namespace cho40::cli::bench
