#include "apps/sandbox/books.h"
#include <iterator>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using nlohmann::json;

json as_json(Transfer const& t)
{
    return {{"number", t.number},
            {"reference", t.reference},
            {"bank_bin", t.bank_bin},
            {"account_number", t.account_number},
            {"virtual_account", t.virtual_account},
            {"provider_account", t.provider_account},
            {"holder_name", t.holder_name},
            {"out", t.flow == Flow::out},
            {"amount", t.amount.count()},
            {"memo", t.memo},
            {"order_code", t.order_code},
            {"payer", {t.payer.name, t.payer.account, t.payer.bank_bin}},
            {"booked_at", t.booked_at.time_since_epoch().count()},
            {"failed", t.failed},
            {"refunds", t.refunds}};
}

Transfer transfer_of(json const& in)
{
    Transfer t;
    t.number = in.at("number");
    t.reference = in.at("reference");
    t.bank_bin = in.at("bank_bin");
    t.account_number = in.at("account_number");
    t.virtual_account = in.value("virtual_account", "");  // books of an earlier release do not have these
    t.provider_account = in.value("provider_account", "");
    t.holder_name = in.at("holder_name");
    t.flow = in.at("out").get<bool>() ? Flow::out : Flow::in;
    t.amount = Dong(in.at("amount").get<std::int64_t>());
    t.memo = in.at("memo");
    t.order_code = in.at("order_code");
    t.payer = {in.at("payer").at(0), in.at("payer").at(1), in.at("payer").at(2)};
    t.booked_at = Instant(Instant::duration(in.at("booked_at").get<std::int64_t>()));
    t.failed = in.at("failed");
    t.refunds = in.at("refunds");
    return t;
}

Books::Line line_of(json const& in)
{
    Books::Line line;
    if (in.contains("transfer")) {
        line.transfer = transfer_of(in.at("transfer"));
    } else {
        line.setup = in.at("setup");
        line.body = in.at("body");
    }
    return line;
}

}  // namespace

Result<Books> Books::open(std::filesystem::path file)
{
    Books books;
    std::ifstream in(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    auto const whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
    std::size_t number = 0;
    for (std::size_t at = 0; at < whole;) {
        auto const end = text.find('\n', at);
        ++number;
        try {
            books.lines_.push_back(line_of(json::parse(text.substr(at, end - at))));
        } catch (json::exception const&) {
            return fail(Errc::invalid_config, file.string() + ": line " + std::to_string(number) + " is none of the sandbox's");
        }
        at = end + 1;
    }
    if (std::error_code error; whole != text.size()) std::filesystem::resize_file(file, whole, error);
    books.out_.open(file, std::ios::binary | std::ios::app);
    if (!books.out_) return fail(Errc::invalid_config, file.string() + ": cannot be written");
    // It holds the secrets the sandbox was set up with.
    std::error_code error;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    books.file_ = std::move(file);
    return books;
}

void Books::write(std::string line)
{
    if (!out_.is_open()) return;
    line += '\n';
    out_ << line << std::flush;
}

void Books::keep_setup(std::string_view path, std::string_view body) { write(json{{"setup", path}, {"body", body}}.dump()); }

void Books::keep(Transfer const& transfer) { write(json{{"transfer", as_json(transfer)}}.dump()); }

void Books::clear()
{
    lines_.clear();
    if (!out_.is_open()) return;
    out_.close();
    out_.open(file_, std::ios::binary | std::ios::trunc);
}

http::Handler remembered(Books& books, std::string path, http::Handler handler)
{
    return [&books, path = std::move(path),
            handler = std::move(handler)](http::Request request) -> boost::asio::awaitable<Result<http::Response>> {
        auto body = request.body;
        auto response = co_await handler(std::move(request));
        if (response) books.keep_setup(path, body);
        co_return response;
    };
}

}  // namespace cho40::sandbox
