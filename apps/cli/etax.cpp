#include "adapters/tax_gateway/filing_json.h"
#include "adapters/tax_gateway/filing_xml.h"
#include "adapters/tax_gateway/inspect.h"
#include "adapters/tax_gateway/rates_json.h"
#include "adapters/xml/sign.h"
#include "adapters/xml/verify.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

using nlohmann::ordered_json;

xml::Document parse(std::string const& bytes, std::string const& file) { return value_or_stop(xml::Document::parse(bytes), file); }

// --- build

void build(std::string const& file, std::string const& rate_file)
{
    auto const rates = rate_file.empty() ? tax_gateway::embedded_rates()
                                         : value_or_stop(tax_gateway::read_rates(read_input(rate_file)), rate_file);
    auto input = value_or_stop(tax_gateway::read_filing(read_input(file)), file);
    auto const document = etax::prepare_return(std::move(input), rates, etax::FormTables::embedded(), WorkingDays::embedded());
    if (!document) {
        auto const& e = document.error();
        // Understood, and there is nothing to build: an answer, not a mistake of usage.
        bool const negative = e.code == Errc::nothing_to_file || e.code == Errc::period_not_open || e.code == Errc::period_closed ||
                              e.code == Errc::form_version_missing;
        throw Stop{negative ? Exit::negative : Exit::usage,
                   file + (e.pointer.empty() ? "" : " " + e.pointer) + ": " + e.detail + " (" + std::string(errc_name(e.code)) + ")"};
    }
    std::cout << value_or_stop(tax_gateway::write_filing(*document), file);
}

void add_build(CLI::App& group)
{
    auto* command = group.add_subcommand("build", "Unsigned 01/CNKD in the form version its period demands, from a filing as JSON");
    auto file = std::make_shared<std::string>("-");
    auto rates = std::make_shared<std::string>();
    command->add_option("FILE", *file, "the filing; - or nothing reads standard input");
    command->add_option("--rates", *rates, "a rate file instead of the one built in");
    command->footer(R"(Example:
  cho40 etax build filing.json > filing.xml
where filing.json is
  {"form":"01/CNKD", "period":"2026-Q3", "made_on":"2026-10-12", "signer":"Chủ hộ mẫu",
   "office":{"code":"22500","name":"Thuế tỉnh Quảng Ninh"},
   "taxpayer":{"tax_code":"022080000000","name":"HỘ KINH DOANH MẪU","address":"Quầy 12, chợ Hạ Long I",
               "ward":"Phường Hồng Gai","province_code":"22","province":"Quảng Ninh"},
   "earlier":[{"group":"a","revenue":700000000}],
   "locations":[{"code":"00999","head":true,"name":"Quầy 12","address":"chợ Hạ Long I","ward_code":"06685",
                 "ward":"Phường Hồng Gai","province_code":"22","province":"Quảng Ninh",
                 "lines":[{"group":"a","revenue":420000000},{"group":"d","revenue":180000000}]}]}
All members: adapters/tax_gateway/README.md. Exit 1 when there is nothing to file or the period is not open.)");
    command->callback([file, rates] { build(*file, *rates); });
}

// --- sign

struct SignArguments {
    std::string file = "-";
    std::string key;
    std::string certificate;
    std::string pkcs11;
    std::string output = "-";
    bool on_behalf = false;
    bool taxpayer_only = false;
    bool with_time = false;
    bool with_comments = false;
};

std::optional<Secret> passphrase()
{
    auto const* text = std::getenv("CHO40_KEY_PASSPHRASE");
    if (!text) return std::nullopt;
    return Secret(text);
}

// Agents and providers sign for others with their own certificate, so another name is refused only when asked.
void compare_with_taxpayer(xml::Document const& document, xml::Certificate const& certificate, SignArguments const& a)
{
    if (document.root().name() != "HSoThueDTu" || a.on_behalf) return;
    auto const code = certificate.subject_code();
    auto const taxpayer = tax_gateway::subject_of(document);
    if (code && tax_gateway::is_same_taxpayer(taxpayer, code->code)) return;
    std::string const what = "the certificate does not carry the code of the taxpayer, " + taxpayer;
    if (a.taxpayer_only) throw Stop{Exit::negative, what + " (certificate_mismatch)"};
    std::cerr << "cho40: warning: " << what << "; right only for an agent or provider (--on-behalf)\n";
}

void sign(SignArguments const& a)
{
    if (!a.pkcs11.empty()) throw Stop{Exit::system_missing, "this build has no PKCS#11 signer; use --key and --cert"};
    if (a.key.empty() || a.certificate.empty()) throw Stop{Exit::usage, "--key and --cert are needed"};
    auto const bytes = read_input(a.file);
    auto const signer = value_or_stop(xml::FileSigner::from_pem(Secret(read_input(a.key)), read_input(a.certificate), passphrase()), a.key);
    auto const now = SystemClock().now();
    if (!signer.certificate().valid_at(now)) throw Stop{Exit::negative, "the certificate is not valid today (signing_failed)"};
    compare_with_taxpayer(parse(bytes, a.file), signer.certificate(), a);
    xml::SignProfile profile;
    if (a.with_time) profile.signing_time = now;
    if (a.with_comments) profile.signed_info = xml::C14n::inclusive_with_comments;
    write_file(a.output, value_or_stop(xml::sign(bytes, signer, profile), a.file));
}

void add_sign(CLI::App& group)
{
    auto* command = group.add_subcommand("sign", "Signs a filing or notice: RSA-SHA256, every other byte stays as it is");
    auto a = std::make_shared<SignArguments>();
    command->add_option("FILE", a->file, "the document; - or nothing reads standard input");
    command->add_option("--key", a->key, "private key, PEM; its passphrase in CHO40_KEY_PASSPHRASE");
    command->add_option("--cert", a->certificate, "certificate, PEM");
    command->add_option("--pkcs11", a->pkcs11, "URI of a key on a token");
    command->add_option("-o,--output", a->output, "file to write; standard output when not given");
    command->add_flag("--on-behalf", a->on_behalf, "the certificate is that of an agent or provider: no warning");
    command->add_flag("--taxpayer-only", a->taxpayer_only, "refuse a certificate that does not carry the taxpayer's code");
    command->add_flag("--signing-time", a->with_time, "add the time of signing (the bytes then differ from run to run)");
    command->add_flag("--c14n-with-comments", a->with_comments, "canonicalise SignedInfo with comments, as some gateways want");
    command->footer("Example:\n  cho40 etax sign filing.xml --key household.key --cert household.crt > signed.xml\n"
                    "The certificate's subject should carry the taxpayer's code (UID=MST:… or CCCD:…); otherwise there is a warning.");
    command->callback([a] { sign(*a); });
}

// --- verify

ordered_json signature_json(xml::SignatureReport const& s, std::string const& taxpayer, bool is_filing)
{
    ordered_json out;
    out["valid"] = s.valid;
    out["reference"] = s.reference;
    out["algorithm"] = s.algorithm;
    out["digest"] = s.digest;
    out["signer"] = s.signer;
    out["signer_code"] = s.signer_code ? ordered_json(s.signer_code->kind + ":" + s.signer_code->code) : ordered_json();
    out["signing_time"] = s.signing_time ? ordered_json(to_rfc3339(*s.signing_time)) : ordered_json();
    if (s.trusted) out["trusted"] = *s.trusted;
    out["why"] = s.valid ? ordered_json() : ordered_json(s.why);
    auto warnings = s.warnings;
    // The provider's signature stands beside the taxpayer's, so another name is worth a word and no refusal.
    if (is_filing && s.valid && (!s.signer_code || !tax_gateway::is_same_taxpayer(taxpayer, s.signer_code->code)))
        warnings.emplace_back("signer_is_not_the_taxpayer");
    out["warnings"] = warnings;
    return out;
}

// PEM text with any number of certificates.
std::vector<xml::Certificate> read_anchors(std::string const& file)
{
    std::vector<xml::Certificate> anchors;
    if (file.empty()) return anchors;
    auto const text = read_input(file);
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
    for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at + begin.size())) {
        anchors.push_back(value_or_stop(xml::Certificate::from_pem(std::string_view(text).substr(at)), file));
    }
    if (anchors.empty()) throw Stop{Exit::usage, file + ": holds no PEM certificate"};
    return anchors;
}

void verify(std::string const& file, std::string const& anchor_file)
{
    auto const document = parse(read_input(file), file);
    auto const report = xml::verify(document, {SystemClock().now(), read_anchors(anchor_file)});
    ordered_json out;
    out["ok"] = report.ok;
    auto signatures = ordered_json::array();
    auto const taxpayer = tax_gateway::subject_of(document);
    for (auto const& s : report.signatures) signatures.push_back(signature_json(s, taxpayer, document.root().name() == "HSoThueDTu"));
    out["signatures"] = std::move(signatures);
    if (!report.why.empty()) out["why"] = report.why;
    print_json(out, 2);
    for (auto const& s : report.signatures) {
        for (auto const& w : s.warnings)
            if (w == "sha1") std::cerr << "cho40: warning: " << s.reference << " is signed with SHA-1\n";
    }
    if (!report.ok) throw Stop{Exit::negative, ""};
}

void add_verify(CLI::App& group)
{
    auto* command = group.add_subcommand("verify", "Checks every signature of a document; exit 1 when one does not hold or there is none");
    auto file = std::make_shared<std::string>("-");
    auto anchors = std::make_shared<std::string>();
    command->add_option("FILE", *file, "the document; - or nothing reads standard input");
    command->add_option("--ca", *anchors, "PEM file of trusted authorities; without it the issuer is not checked");
    command->footer(
        "Example:\n  cho40 etax verify signed.xml --ca public-ca.pem\n"
        "Answers {\"ok\":…,\"signatures\":[{\"valid\":…,\"reference\":…,\"algorithm\":…,\"signer\":…,\"why\":…,\"warnings\":[…]}]}.");
    command->callback([file, anchors] { verify(*file, *anchors); });
}

// --- inspect

void add_inspect(CLI::App& group)
{
    auto* command = group.add_subcommand("inspect", "What a filing, notice or invoice message says, as JSON");
    auto file = std::make_shared<std::string>("-");
    command->add_option("FILE", *file, "the message; - or nothing reads standard input");
    command->footer("Example:\n  cho40 etax inspect notice.xml");
    command->callback([file] {
        auto const seen = value_or_stop(tax_gateway::inspect(read_input(*file)), *file);
        print_json(seen, 2);
    });
}

}  // namespace

void add_etax_commands(CLI::App& app)
{
    auto* group = app.add_subcommand("etax", "Tax filings: build, sign, verify, inspect");
    group->require_subcommand(1);
    add_build(*group);
    add_sign(*group);
    add_verify(*group);
    add_inspect(*group);
}

}  // namespace cho40::cli
