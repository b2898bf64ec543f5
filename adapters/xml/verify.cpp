#include "adapters/xml/verify.h"
#include "adapters/xml/canonical.h"
#include "adapters/xml/signed_kinds.h"
#include "base/digest.h"
#include "base/text.h"
#include <algorithm>
#include <array>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace cho40::xml {
namespace {

constexpr std::string_view dsig = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view exc_c14n = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::size_t references_max = 4;
constexpr std::size_t transforms_max = 4;
constexpr std::size_t signatures_max = 16;
constexpr std::size_t certificates_max = 8;
constexpr int key_bits_advised = 2048;
constexpr int key_bits_min = 1024;

struct Algorithm {
    std::string_view uri;
    std::string_view name;
    EVP_MD const* (*md)();
    bool sha1;
};
constexpr std::array signature_algorithms = {
    Algorithm{"http://www.w3.org/2000/09/xmldsig#rsa-sha1", "rsa-sha1", EVP_sha1, true},
    Algorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "rsa-sha256", EVP_sha256, false},
    Algorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "rsa-sha384", EVP_sha384, false},
    Algorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "rsa-sha512", EVP_sha512, false},
};
constexpr std::array digest_algorithms = {
    Algorithm{"http://www.w3.org/2000/09/xmldsig#sha1", "sha1", EVP_sha1, true},
    Algorithm{"http://www.w3.org/2001/04/xmlenc#sha256", "sha256", EVP_sha256, false},
    Algorithm{"http://www.w3.org/2001/04/xmldsig-more#sha384", "sha384", EVP_sha384, false},
    Algorithm{"http://www.w3.org/2001/04/xmlenc#sha512", "sha512", EVP_sha512, false},
};

template <std::size_t N>
Algorithm const* find_algorithm(std::array<Algorithm, N> const& table, std::string_view uri)
{
    auto const found = std::ranges::find(table, uri, &Algorithm::uri);
    return found == table.end() ? nullptr : &*found;
}

tl::unexpected<Error> invalid(std::string why) { return fail(Errc::signature_invalid, std::move(why)); }

std::string algorithm_attribute(Element element) { return element.attribute("Algorithm").value_or(""); }

bool is_ds(Element element, std::string_view name) { return element.name() == name && element.ns() == dsig; }

Element ds_child(Element parent, std::string_view name)
{
    for (auto child : parent.children())
        if (is_ds(child, name)) return child;
    return {};
}

// Base64 as XML carries it: broken into lines.
std::optional<std::string> base64_of(Element element)
{
    auto text = element.text();
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    return from_base64(text);
}

std::string digest_of(std::string_view bytes, EVP_MD const* md)
{
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, md, nullptr);
    out.resize(size);
    return out;
}

std::vector<std::string> prefix_list(Element method)
{
    std::vector<std::string> prefixes;
    for (auto child : method.children()) {
        if (child.name() != "InclusiveNamespaces" || child.ns() != exc_c14n) continue;
        auto const list = child.attribute("PrefixList").value_or("");
        for (std::size_t at = 0; at < list.size();) {
            auto const end = std::min(list.find(' ', at), list.size());
            if (end > at) prefixes.push_back(list.substr(at, end - at));
            at = end + 1;
        }
    }
    return prefixes;
}

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

bool signature_fits(Certificate const& certificate, EVP_MD const* md, std::string_view bytes, std::string_view signature)
{
    std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
    bool const good = context && certificate.key_bits() > 0 &&
                      EVP_DigestVerifyInit(context.get(), nullptr, md, nullptr, X509_get0_pubkey(certificate.raw())) == 1 &&
                      EVP_DigestVerify(context.get(), reinterpret_cast<unsigned char const*>(signature.data()), signature.size(),
                                       reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size()) == 1;
    ERR_clear_error();
    return good;
}

// One signature of a document.
class Check {
public:
    Check(Document const& document, SignedPart const& part, Element signature, VerifyOptions const& options)
        : document_(document), part_(part), signature_(signature), options_(options)
    {
    }

    SignatureReport run()
    {
        auto const done = read_and_verify();
        report_.valid = done.has_value();
        if (!done) report_.why = done.error().detail;
        return std::move(report_);
    }

private:
    Result<Done> read_and_verify()
    {
        auto const info = ds_child(signature_, "SignedInfo");
        auto const parts = info.children();
        if (parts.size() < 3 || !is_ds(parts[0], "CanonicalizationMethod") || !is_ds(parts[1], "SignatureMethod")) {
            return invalid("SignedInfo is not laid out as a signature must be");
        }
        auto const method = c14n_from(algorithm_attribute(parts[0]));
        if (!method) return invalid("canonicalisation \"" + algorithm_attribute(parts[0]) + "\" is not allowed");
        auto const uri = algorithm_attribute(parts[1]);
        auto const* algorithm = find_algorithm(signature_algorithms, uri);
        report_.algorithm = algorithm ? std::string(algorithm->name) : uri;
        if (!algorithm) return invalid("signature algorithm \"" + uri + "\" is not allowed");
        warn_if(algorithm->sha1, "sha1");
        if (parts.size() - 2 > references_max) return invalid("more than 4 references");

        bool covers_part = false;
        // All references are read before anything is judged, so that the report can name the signer of a changed document.
        std::optional<Error> fault;
        for (std::size_t i = 2; i < parts.size(); ++i) {
            if (!is_ds(parts[i], "Reference")) return invalid("SignedInfo is not laid out as a signature must be");
            auto target = check_reference(parts[i]);
            if (!target && !fault) fault = std::move(target).error();
            if (target && *target == part_.element) covers_part = true;
        }
        read_signing_time();
        CHO_TRY(auto const bytes, canonical(document_, info, *method, {}, prefix_list(parts[0])));
        auto const signed_by = check_key(algorithm->md(), bytes);
        if (fault) return fail(*fault);
        if (!signed_by) return fail(signed_by.error());
        if (!covers_part) return invalid("the signature does not cover " + std::string(part_.element.name()));
        return judge_certificate(*signed_by);
    }

    // The element a reference covers, once its digest is found right.
    Result<Element> check_reference(Element reference)
    {
        auto const uri = reference.attribute("URI").value_or("");
        if (uri.size() < 2 || uri[0] != '#') return invalid("a reference must point to a part of this document");
        auto const id = uri.substr(1);
        if (has_id(part_.element, id) || report_.reference.empty()) report_.reference = uri;

        CHO_TRY(auto const target, resolve(id));
        bool cut_signature = false;
        C14n method = C14n::inclusive;
        bool method_given = false;
        std::vector<std::string> prefixes;
        auto const transforms = ds_child(reference, "Transforms").children();
        if (transforms.size() > transforms_max) return invalid("too many transforms");
        for (auto transform : transforms) {
            auto const name = algorithm_attribute(transform);
            if (name == enveloped && is_ds(transform, "Transform") && !cut_signature && !method_given) {
                cut_signature = true;
                continue;
            }
            auto const c14n = c14n_from(name);
            if (!c14n || method_given || !is_ds(transform, "Transform")) return invalid("transform \"" + name + "\" is not allowed here");
            // A reference to "#id" selects nodes without comments, so only inclusive and exclusive differ.
            method = *c14n == C14n::exclusive || *c14n == C14n::exclusive_with_comments ? C14n::exclusive : C14n::inclusive;
            method_given = true;
            prefixes = prefix_list(transform);
        }
        auto const digest_uri = algorithm_attribute(ds_child(reference, "DigestMethod"));
        auto const* digest = find_algorithm(digest_algorithms, digest_uri);
        if (!digest) return invalid("digest algorithm \"" + digest_uri + "\" is not allowed");
        if (target == part_.element || report_.digest.empty()) report_.digest = digest->name;
        warn_if(digest->sha1, "sha1");
        auto const expected = base64_of(ds_child(reference, "DigestValue"));
        CHO_TRY(auto const bytes, canonical(document_, target, method, cut_signature ? signature_ : Element(), prefixes));
        if (!expected || digest_of(bytes, digest->md()) != *expected) {
            return invalid("the content of " + uri + " was changed after signing: its digest differs");
        }
        return target;
    }

    // The signed part first; otherwise a part of this very signature (an Object with the signing time) or a direct child
    // of the root (the code of the authority on an invoice). Anything else could be a copy put there to deceive.
    Result<Element> resolve(std::string_view id)
    {
        if (has_id(part_.element, id)) return part_.element;
        std::vector<Element> found;
        for (auto const* name : {"Object", "SignatureProperties", "SignatureProperty"}) {
            for (auto e : signature_.descendants(name))
                if (is_ds(e, name) && has_id(e, id)) found.push_back(e);
        }
        for (auto e : document_.root().children())
            if (has_id(e, id)) found.push_back(e);
        if (found.size() != 1) return invalid("the reference #" + std::string(id) + " does not lead to one known part");
        return found[0];
    }

    // The certificate of KeyInfo whose key made the signature.
    Result<Certificate> check_key(EVP_MD const* md, std::string_view bytes)
    {
        auto const value = base64_of(ds_child(signature_, "SignatureValue"));
        if (!value || value->empty()) return invalid("there is no signature value");
        std::optional<Certificate> first;
        std::size_t count = 0;
        for (auto data : ds_child(signature_, "KeyInfo").children()) {
            if (!is_ds(data, "X509Data")) continue;
            for (auto node : data.children()) {
                if (!is_ds(node, "X509Certificate")) continue;
                if (++count > certificates_max) return invalid("too many certificates");
                auto const der = base64_of(node);
                auto const certificate = der ? Certificate::from_der(*der) : Result<Certificate>(invalid("unreadable"));
                if (!certificate) return invalid("a certificate cannot be read");
                bool const fits = signature_fits(*certificate, md, bytes, *value);
                if (!first || fits) {
                    first = *certificate;
                    report_.signer = certificate->subject();
                    report_.signer_code = certificate->subject_code();
                }
                if (fits) return *certificate;
            }
        }
        if (!first) return invalid("the signature carries no certificate");
        return invalid("the signature value does not fit the certificate's key");
    }

    Result<Done> judge_certificate(Certificate const& certificate)
    {
        if (certificate.key_bits() < key_bits_min) return invalid("the key is shorter than 1024 bits");
        warn_if(certificate.key_bits() < key_bits_advised, "short_key");
        auto const when = report_.signing_time.value_or(options_.now);
        warn_if(!certificate.valid_at(when), "certificate_not_valid_at_signing");
        if (options_.anchors.empty()) {
            warn_if(true, "issuer_not_checked");
            return Done{};
        }
        report_.trusted = certificate.issued_under(options_.anchors, when);
        if (!*report_.trusted) return invalid("the certificate was not issued, for that time, under a trusted authority");
        return Done{};
    }

    // Object/SignatureProperties/SignatureProperty/SigningTime; without a zone it is Vietnam's time.
    void read_signing_time()
    {
        for (auto e : signature_.descendants("SigningTime")) {
            auto const text = e.value();
            if (auto const exact = parse_rfc3339(text)) report_.signing_time = *exact;
            else if (auto const local = parse_local_time(text)) report_.signing_time = *local;
        }
    }

    void warn_if(bool condition, char const* warning)
    {
        if (condition && std::ranges::find(report_.warnings, warning) == report_.warnings.end()) report_.warnings.emplace_back(warning);
    }

    Document const& document_;
    SignedPart const& part_;
    Element signature_;
    VerifyOptions const& options_;
    SignatureReport report_;
};

bool is_inside(Element inner, Element outer)
{
    for (auto e = inner.parent(); e; e = e.parent())
        if (e == outer) return true;
    return false;
}

}  // namespace

VerifyReport verify(Document const& document, VerifyOptions const& options)
{
    VerifyReport report;
    std::vector<Element> signatures;
    for (auto e : document.root().descendants("Signature")) {
        if (e.ns() != dsig) continue;
        if (!signatures.empty() && is_inside(e, signatures.back())) continue;  // part of another signature's Object
        signatures.push_back(e);
    }
    if (signatures.empty()) {
        report.why = "the document is not signed";
        return report;
    }
    if (signatures.size() > signatures_max) {
        report.why = "the document carries more than 16 signatures";
        return report;
    }
    auto const part = find_signed_part(document);
    if (!part) {
        report.why = part.error().detail;
        return report;
    }
    report.ok = true;
    for (auto signature : signatures) {
        report.signatures.push_back(Check(document, *part, signature, options).run());
        report.ok = report.ok && report.signatures.back().valid;
    }
    return report;
}

}  // namespace cho40::xml
