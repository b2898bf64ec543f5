#pragma once
#include "adapters/api/handler.h"
#include "adapters/documents/report_pdf.h"
#include "base/digest.h"
#include "base/dong.h"
#include <boost/asio/thread_pool.hpp>

// What reports have in common that are JSON, a table to take away, and a paper.
namespace cho40::api {

enum class ReportFormat { json, csv, pdf };
// `?format=`. Error: unknown_value.
[[nodiscard]] Result<ReportFormat> report_format(http::Request const& request);

struct Period {
    Day from;
    Day to;
};
// `?from=&to=`, both included, at most 366 days. Errors: invalid_date, invalid_period.
[[nodiscard]] Result<Period> report_period(http::Request const& request);

// Whoever asked for a paper, and when.
struct PaperOrder {
    std::string printed_by;
    Instant printed_at;
};
// A paper with its title, the digest of its table, and whoever asked for it.
[[nodiscard]] documents::Report report_of(std::string title, Sha256 const& digest, PaperOrder const& order);
// An amount without its unit, which stands in the heading.
[[nodiscard]] std::string figure(Dong amount);

// A file to take away. Table-Sha256 is the digest of the table, which stands in its last row and on the paper.
[[nodiscard]] http::Response report_file(std::string bytes, ReportFormat format, std::string const& name, Sha256 const& digest);
// The paper, drawn beside the loop.
[[nodiscard]] Answering drawn_report(boost::asio::thread_pool& computing, documents::Report report, std::string name, Sha256 digest);

}  // namespace cho40::api
