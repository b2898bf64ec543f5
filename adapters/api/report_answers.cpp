#include "adapters/api/report_answers.h"
#include "base/offload.h"
#include "base/text.h"
#include <optional>

namespace cho40::api {

using http::Request;
using http::Response;

namespace {

constexpr int period_days_max = 366;

}  // namespace

Result<ReportFormat> report_format(Request const& request)
{
    auto const format = request.query_value("format").value_or("json");
    if (format == "json") return ReportFormat::json;
    if (format == "csv") return ReportFormat::csv;
    if (format == "pdf") return ReportFormat::pdf;
    return fail(Error(Errc::unknown_value, "json, csv or pdf", "#query/format").vi("json, csv hoặc pdf."));
}

Result<Period> report_period(Request const& request)
{
    Period period;
    for (auto const& [name, day] : {std::pair("from", &period.from), std::pair("to", &period.to)}) {
        auto const read = Day::parse(request.query_value(name).value_or(""));
        if (!read)
            return fail(Errc::invalid_date, std::string("say from which day to which: ") + name + "=2026-11-22",
                        std::string("#query/") + name);
        *day = *read;
    }
    auto const days = period.to.days_since(period.from);
    if (days < 0 || days >= period_days_max) {
        return fail(Error(Errc::invalid_period, "from one day to another, at most 366 of them", "#query/to")
                        .vi("Chọn từ ngày đến ngày, tối đa 366 ngày."));
    }
    return period;
}

documents::Report report_of(std::string title, Sha256 const& digest, PaperOrder const& order)
{
    documents::Report report;
    report.title = std::move(title);
    report.sha256 = to_hex(digest);
    report.printed_by = order.printed_by;
    report.printed_at = order.printed_at;
    return report;
}

std::string figure(Dong amount)
{
    auto text = dong_text(amount.count());
    return text.substr(0, text.rfind(' '));
}

Response report_file(std::string bytes, ReportFormat format, std::string const& name, Sha256 const& digest)
{
    bool const csv = format == ReportFormat::csv;
    return Response::bytes(std::move(bytes), csv ? "text/csv; charset=utf-8" : "application/pdf")
        .header("Content-Disposition", "attachment; filename=\"" + name + (csv ? ".csv\"" : ".pdf\""))
        .header("Table-Sha256", to_hex(digest));
}

Answering drawn_report(boost::asio::thread_pool& computing, documents::Report report, std::string name, Sha256 digest)
{
    auto const draw = [report = std::move(report)] { return std::optional(documents::report_pdf(report)); };
    auto drawn = co_await offload(computing, draw);
    CHO_CO_TRY(auto bytes, *std::move(drawn));
    co_return report_file(std::move(bytes), ReportFormat::pdf, name, digest);
}

}  // namespace cho40::api
