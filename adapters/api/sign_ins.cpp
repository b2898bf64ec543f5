#include "adapters/api/people_json.h"
#include "adapters/http/cookies.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;

http::Cookie session_cookie(identity::SignedIn const& signed_in)
{
    http::Cookie cookie;
    cookie.name = std::string(http::session_cookie);
    cookie.value = signed_in.token.expose();
    cookie.max_age = signed_in.max_age;
    return cookie;
}

Answering create(PeopleContext& context, Request request)
{
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto login = in.text("login", {1, 64});
    auto password = Secret(in.text("password", {1, 256}));
    CHO_CO_TRY_DO(body.finish());

    identity::SignInTry attempt(std::move(login), std::move(password));
    attempt.address = request.peer_address;
    attempt.old_token = std::string(request.cookie(http::session_cookie));
    attempt.request_id = request.request_id;
    CHO_CO_TRY(auto signed_in, co_await context.sign_ins.sign_in(std::move(attempt)));
    CHO_CO_TRY(auto places, co_await briefs_of(context.people, signed_in.principal.grants));
    json const view = {{"user", user_json(signed_in.principal, places)},
                       {"csrf_token", signed_in.principal.csrf_token},
                       {"expires_at", http::instant_json(signed_in.expires_at)}};
    auto response = Response::json(view, 201);
    http::set_cookie(response, session_cookie(signed_in));
    co_return response;
}

Answering remove(PeopleContext& context, Request request)
{
    CHO_CO_TRY_DO(co_await context.gate.admit(request));
    CHO_CO_TRY_DO(co_await context.sign_ins.sign_out(std::string(request.cookie(http::session_cookie))));
    auto response = Response::no_content();
    http::clear_cookie(response, http::session_cookie);
    co_return response;
}

Answering read_me(PeopleContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto places, co_await briefs_of(context.people, principal.grants));
    co_return Response::json(user_json(principal, places));
}

}  // namespace

void add_sign_in_routes(http::Router& router, PeopleContext& context)
{
    using http::Method;
    auto const with = handlers_of(context);
    router.add(Method::post, "/v1/sign-ins", "sign_ins.create", with(create));
    router.add(Method::delete_, "/v1/sign-ins/current", "sign_ins.delete", with(remove));
    router.add(Method::get, "/v1/me", "me.read", with(read_me));
}

}  // namespace cho40::api
