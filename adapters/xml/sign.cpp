#include "adapters/xml/sign.h"
#include "adapters/xml/signed_kinds.h"
#include "adapters/xml/verify.h"
#include "adapters/xml/writer.h"
#include "base/digest.h"
#include "base/text.h"
#include <array>
#include <fmt/format.h>

namespace cho40::xml {
namespace {

constexpr std::string_view container = "CKyDTu";
constexpr std::string_view object_id = "SigningTime";

tl::unexpected<Error> failed(std::string why) { return fail(Errc::signing_failed, std::move(why)); }

// Where the signature goes in the bytes: before + signature + after is the new document.
struct Place {
    std::string before;
    std::string after;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trim_end(std::string_view text)
{
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

// The name in a tag like "</name >" or "<name/>"; empty when it is something else.
std::string_view name_in(std::string_view tag, std::string_view begin, std::string_view end)
{
    if (!tag.starts_with(begin) || !tag.ends_with(end) || tag.size() < begin.size() + end.size()) return {};
    return trim_end(tag.substr(begin.size(), tag.size() - begin.size() - end.size()));
}

// The document is well formed and has no DOCTYPE, so its last tag closes the root, and '<' stands only where a tag
// begins. Everything is found from the end.
Result<Place> find_place(std::string_view bytes, std::string_view root)
{
    auto const document = trim_end(bytes);
    auto const root_end = document.rfind('<');
    if (root_end == document.npos || name_in(document.substr(root_end), "</", ">") != root) {
        return failed("the document must end with the tag that closes its root");
    }
    auto const inside = trim_end(document.substr(0, root_end));
    auto const last = inside.rfind('<');
    if (last == inside.npos) return failed("the document has no content");
    auto const tag = inside.substr(last);
    auto const text = [&](std::size_t from, std::size_t to) { return std::string(bytes.substr(from, to - from)); };
    if (name_in(tag, "</", ">") == container) return Place{text(0, last), text(last, bytes.size())};
    if (name_in(tag, "<", "/>") == container) { return Place{text(0, last) + "<CKyDTu>", "</CKyDTu>" + text(inside.size(), bytes.size())}; }
    return Place{text(0, root_end) + "<CKyDTu>", "</CKyDTu>" + text(root_end, bytes.size())};
}

struct Draft {
    std::string part_id;
    std::string part_digest;
    std::string object_digest;
    std::string value;
    std::string subject;
    std::string certificate;
    std::string time;  // empty: no Object
    C14n method;
};

std::string reference(std::string_view id, bool is_enveloped, std::string_view digest)
{
    auto const transforms =
        is_enveloped ? R"(<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></ds:Transforms>)"
                     : std::string_view();
    return fmt::format(
        R"(<ds:Reference URI="#{}">{}<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>{}</ds:DigestValue></ds:Reference>)",
        escape_attribute(id), transforms, digest);
}

std::string signature_text(Draft const& d)
{
    std::string out = R"(<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>)";
    out += fmt::format(R"(<ds:CanonicalizationMethod Algorithm="{}"/>)", algorithm_of(d.method));
    out += R"(<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>)";
    out += reference(d.part_id, true, d.part_digest);
    if (!d.time.empty()) out += reference(object_id, false, d.object_digest);
    out += fmt::format("</ds:SignedInfo><ds:SignatureValue>{}</ds:SignatureValue>", d.value);
    out += fmt::format(
        "<ds:KeyInfo><ds:X509Data><ds:X509SubjectName>{}</ds:X509SubjectName><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
        escape_text(d.subject), d.certificate);
    if (!d.time.empty()) {
        out += fmt::format(
            R"(<ds:Object Id="{}"><ds:SignatureProperties><ds:SignatureProperty Target="#{}"><SigningTime>{}</SigningTime></ds:SignatureProperty></ds:SignatureProperties></ds:Object>)",
            object_id, escape_attribute(d.part_id), d.time);
    }
    return out + "</ds:Signature>";
}

// The last signature of CKyDTu is the one just put there.
Element newest_signature(Document const& document)
{
    auto const all = document.root().child(container).children("Signature");
    return all.empty() ? Element() : all.back();
}

std::string digest_text(std::string_view bytes)
{
    auto const digest = sha256(bytes);
    return to_base64(std::string_view(reinterpret_cast<char const*>(digest.data()), digest.size()));
}

std::string local_time_text(Instant when)
{
    auto text = to_local_time(when);
    text[10] = 'T';
    return text;
}

// Two digests first, then the signature over the SignedInfo that holds them. Each step reads the bytes as they will be
// sent, because canonical XML depends on every namespace declared around.
Result<Done> fill_digests(Draft& draft, Place const& place)
{
    CHO_TRY(auto const document, Document::parse(place.before + signature_text(draft) + place.after));
    CHO_TRY(auto const part, find_signed_part(document));
    CHO_TRY(auto const content, canonical(document, part.element, C14n::inclusive, newest_signature(document)));
    draft.part_digest = digest_text(content);
    if (draft.time.empty()) return Done{};
    CHO_TRY(auto const object, canonical(document, newest_signature(document).child("Object"), C14n::inclusive));
    draft.object_digest = digest_text(object);
    return Done{};
}

Result<std::string> to_be_signed(Draft const& draft, Place const& place)
{
    CHO_TRY(auto const document, Document::parse(place.before + signature_text(draft) + place.after));
    return canonical(document, newest_signature(document).child("SignedInfo"), draft.method);
}

Result<Done> check_result(std::string_view bytes, Signer const& signer, std::optional<Instant> when)
{
    CHO_TRY(auto const document, Document::parse(bytes));
    // Whether the certificate's time was right is asked by whoever lets it sign, with a clock.
    auto const report = verify(document, VerifyOptions{when.value_or(signer.certificate().not_before()), {}});
    if (!report.ok) {
        for (auto const& s : report.signatures)
            if (!s.valid) return failed("what was signed does not verify: " + s.why);
        return failed("what was signed does not verify: " + report.why);
    }
    if (report.signatures.back().signer != signer.certificate().subject()) return failed("what was signed shows another signer");
    return Done{};
}

}  // namespace

Result<std::string> sign(std::string_view bytes, Signer const& signer, SignProfile const& profile)
{
    CHO_TRY(auto const document, Document::parse(bytes));
    if (!is_valid_utf8(bytes)) return failed("only UTF-8 documents are signed");
    CHO_TRY(auto const part, find_signed_part(document));
    if (!part.place_is_ckydtu) return failed("signing this kind of document is not supported: " + std::string(document.root().name()));
    if (!document.root().prefix().empty() || document.root().ns().empty())
        return failed("the document must use its namespace as the default one");
    CHO_TRY(auto const place, find_place(bytes, document.root().name()));

    Draft draft{.part_id = part.id,
                .part_digest = {},
                .object_digest = {},
                .value = {},
                .subject = signer.certificate().subject(),
                .certificate = to_base64(signer.certificate().der()),
                .time = profile.signing_time ? local_time_text(*profile.signing_time) : "",
                .method = profile.signed_info};
    CHO_TRY_DO(fill_digests(draft, place));
    CHO_TRY(auto const octets, to_be_signed(draft, place));
    CHO_TRY(auto const value, signer.sign_rsa_sha256(octets));
    draft.value = to_base64(value);

    auto result = place.before + signature_text(draft) + place.after;
    CHO_TRY_DO(check_result(result, signer, profile.signing_time));
    return result;
}

}  // namespace cho40::xml
