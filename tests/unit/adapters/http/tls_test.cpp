#include "adapters/http/client.h"
#include "tests/support/live_server.h"
#include "tests/support/temporary_certificate.h"

namespace cho40::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using tests::LiveServer;
using tests::TemporaryCertificate;

void routes(Router& router)
{
    router.add(Method::post, "/echo", "echo", [](Request request) -> asio::awaitable<Result<Response>> {
        co_return Response::text(std::string(request.secure ? "secure " : "open ") + request.body);
    });
}

CallResult call(LiveServer& server, ClientOptions options, std::string const& host, std::string body = "x")
{
    auto client = std::make_unique<Client>(server.loop().get_executor(), std::move(options), server.metrics);
    Outgoing request(Method::post, "https://" + host + ":" + std::to_string(server.port()) + "/echo", std::move(body));
    auto result = server.on_loop(client->call(std::move(request)));
    auto close = [](std::unique_ptr<Client> last) -> asio::awaitable<bool> {
        last.reset();
        co_return true;
    };
    server.on_loop(close(std::move(client)));
    return result;
}

TEST(Tls, TrustedCertificateAndNameAreServed)
{
    TemporaryCertificate const own("localhost");
    LiveServer server(routes, {.tls = TlsServerFiles{own.certificate(), own.key()}});

    auto const got = call(server, {.ca_file = own.certificate()}, "localhost", std::string(100'000, 'x'));

    ASSERT_TRUE(got.response) << got.response.error().detail;
    EXPECT_EQ(got.response->body_text(), "secure " + std::string(100'000, 'x'));
    EXPECT_TRUE(got.response->headers.has("Strict-Transport-Security"));
}

TEST(Tls, WithoutTrustOrWithTheWrongNameNothingIsSent)
{
    TemporaryCertificate const own("localhost");
    LiveServer server(routes, {.tls = TlsServerFiles{own.certificate(), own.key()}});

    auto const untrusted = call(server, {}, "localhost");
    ASSERT_FALSE(untrusted.response);
    EXPECT_EQ(untrusted.response.error().code, Errc::upstream_error);
    EXPECT_EQ(untrusted.sent, Sent::no);

    auto const misnamed = call(server, {.ca_file = own.certificate()}, "127.0.0.1");
    ASSERT_FALSE(misnamed.response);
    EXPECT_EQ(misnamed.sent, Sent::no);
}

TEST(Tls, PlainHttpOnATlsPortHarmsNobody)
{
    TemporaryCertificate const own("localhost");
    LiveServer server(routes, {.tls = TlsServerFiles{own.certificate(), own.key()}});
    tests::RawConnection raw(server.port());
    raw.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    raw.end_sending();
    EXPECT_EQ(raw.read_to_end().find("200 OK"), std::string::npos);
    EXPECT_TRUE(call(server, {.ca_file = own.certificate()}, "localhost").response);
}

TEST(Tls, ClientCertificatesAreDemandedWhenAuthoritiesAreGiven)
{
    TemporaryCertificate const own("localhost");
    TemporaryCertificate const partner("partner");
    LiveServer server(routes, {.tls = TlsServerFiles{own.certificate(), own.key(), partner.certificate()}});

    EXPECT_FALSE(call(server, {.ca_file = own.certificate()}, "localhost").response);
    auto const known = call(
        server, {.ca_file = own.certificate(), .client_certificate_file = partner.certificate(), .client_key_file = partner.key()},
        "localhost");
    EXPECT_TRUE(known.response) << known.response.error().detail;
}

TEST(Tls, AMissingCertificateIsAConfigurationError)
{
    asio::io_context loop;
    SystemClock const clock;
    observability::Log const log(clock, observability::Level::error, [](std::string_view) {});
    observability::Metrics metrics;
    Router router;
    Server server(loop.get_executor(), {.tls = TlsServerFiles{"/nowhere.pem", "/nowhere.key"}}, router, log, metrics, clock);
    auto const started = server.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Errc::invalid_config);
}

}  // namespace
}  // namespace cho40::http
