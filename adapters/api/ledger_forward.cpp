#include "adapters/api/ledger_forward.h"
#include "adapters/api/handler.h"
#include <charconv>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;

constexpr char use[] = "ledger-forward";
constexpr char path[] = "/internal/ledger/commands";
constexpr char time_header[] = "X-Cho40-Time";
constexpr char signature_header[] = "X-Cho40-Signature";
constexpr char media_type[] = "application/cbor";
constexpr std::size_t body_max = 32 * 1024 * 1024;
constexpr auto deadline = std::chrono::seconds(10);
constexpr std::int64_t skew_max_seconds = 60;

std::string signature(Secret const& key, std::string_view seconds, std::string_view body)
{
    std::string message(seconds);
    message.append("\n").append(body);
    return hmac_sha256_hex(key.expose(), message);
}

std::int64_t seconds_of(Clock const& clock)
{
    return std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
}

struct Receiver {
    Secret key;
    stores::RowWriters const& writers;
    Clock const& clock;
    std::function<ledger::Ledger*()> ledger;
};

Answering receive(Receiver const& r, Request request)
{
    auto const at = std::string(request.header(time_header));
    std::int64_t seconds = 0;
    (void)std::from_chars(at.data(), at.data() + at.size(), seconds);
    bool const fresh = std::abs(seconds - seconds_of(r.clock)) <= skew_max_seconds;
    if (!fresh || !equal_in_constant_time(signature(r.key, at, request.body), request.header(signature_header))) {
        co_return fail(Errc::bad_signature, "only another instance of this installation may speak here");
    }
    auto* ledger = r.ledger();
    if (!ledger) co_return fail(Errc::writer_lost, "this instance does not write; try again");
    CHO_CO_TRY(auto commands, stores::decode_commands(request.body, r.writers));
    auto const answers = co_await ledger->submit_all(std::move(commands));
    co_return Response::bytes(stores::encode_answers(answers), media_type);
}

}  // namespace

void add_ledger_forward_route(http::Router& router, identity::InstallationKey const& key, stores::RowWriters const& writers,
                              Clock const& clock, std::function<ledger::Ledger*()> ledger)
{
    auto receiver = std::make_shared<Receiver const>(Receiver{key.derive(use), writers, clock, std::move(ledger)});
    http::RouteOptions options;
    options.body_bytes_max = body_max;
    options.documented = false;
    options.quiet = true;
    router.add(
        http::Method::post, path, "internal.ledger_commands",
        [receiver](Request request) { return receive(*receiver, std::move(request)); }, options);
}

RemoteLedger::RemoteLedger(http::Client& client, identity::InstallationKey const& key, stores::RowWriters const& writers,
                           Clock const& clock, std::string address)
    : client_(client), key_(key.derive(use)), writers_(writers), clock_(clock), address_(std::move(address))
{
}

boost::asio::awaitable<Result<ledger::Receipt>> RemoteLedger::submit(ledger::Command command)
{
    std::vector<ledger::Command> one;
    one.push_back(std::move(command));
    auto answers = co_await submit_all(std::move(one));
    co_return std::move(answers[0]);
}

boost::asio::awaitable<std::vector<Result<ledger::Receipt>>> RemoteLedger::submit_all(std::vector<ledger::Command> commands)
{
    auto const count = commands.size();
    auto const all = [count](Error const& error) {
        std::vector<Result<ledger::Receipt>> same;
        for (std::size_t i = 0; i < count; ++i) same.push_back(fail(error));
        return same;
    };
    http::Outgoing request(http::Method::post, address_ + path, stores::encode_commands(commands, writers_));
    auto const at = std::to_string(seconds_of(clock_));
    request.headers.set("Content-Type", media_type);
    request.headers.set(time_header, at);
    request.headers.set(signature_header, signature(key_, at, request.body));
    request.deadline = deadline;
    auto result = co_await client_.call(std::move(request));
    if (!result.response) co_return all(Error(Errc::writer_lost, "the instance that writes does not answer; try again"));
    if (result.response->status != 200) {
        co_return all(
            Error(Errc::writer_lost, "the instance that writes answered " + std::to_string(result.response->status) + "; try again"));
    }
    auto answers = stores::decode_answers(std::get<std::string>(result.response->body));
    if (!answers || answers->size() != count)
        co_return all(Error(Errc::writer_lost, "the instance that writes answered something else; try again"));
    co_return *std::move(answers);
}

}  // namespace cho40::api
