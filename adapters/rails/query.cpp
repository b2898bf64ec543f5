#include "adapters/rails/query.h"
#include "base/text.h"
#include <boost/url/encode.hpp>
#include <boost/url/grammar/alnum_chars.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/params_encoded_view.hpp>
#include <boost/url/parse_query.hpp>

namespace cho40::rails {

namespace urls = boost::urls;

namespace {

// A space is "+".
urls::encoding_opts as_form() { return urls::encoding_opts(true); }

std::string decoded(urls::pct_string_view text) { return text.decode(as_form()); }

}  // namespace

Result<std::map<std::string, std::string>> parse_query(std::string_view query)
{
    if (query.size() > query_bytes_max)
        return fail(Errc::uri_too_long, "a query has at most " + std::to_string(query_bytes_max) + " bytes", "#query");
    auto const parsed = urls::parse_query(boost::core::string_view(query.data(), query.size()));
    if (!parsed) return fail(Errc::malformed_request, "the query is not well formed", "#query");
    std::map<std::string, std::string> out;
    for (auto const param : *parsed) {
        auto name = decoded(param.key);
        auto value = param.has_value ? decoded(param.value) : std::string();
        if (!is_valid_utf8(name) || !is_valid_utf8(value)) return fail(Errc::invalid_utf8, "the query is not UTF-8", "#query");
        if (name.empty() && value.empty()) continue;  // a stray "&"
        if (!out.emplace(std::move(name), std::move(value)).second) return fail(Errc::malformed_request, "a name is there twice", "#query");
    }
    return out;
}

std::string form_encode(std::string_view text)
{
    static constexpr auto plain = urls::grammar::alnum_chars + urls::grammar::lut_chars("-_.");
    return urls::encode(boost::core::string_view(text.data(), text.size()), plain, as_form());
}

}  // namespace cho40::rails
