#include "adapters/documents/qr_json.h"
#include "adapters/documents/qr_picture.h"
#include "adapters/documents/stall_sign.h"
#include "apps/cli/io.h"
#include "base/text.h"
#include "qr-pay/bank_account.h"
#include "qr-pay/banks.h"
#include "qr-pay/sign_check.h"
#include "qr-pay/stall_codes.h"
#include "qr-pay/vietqr.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

// A pipe that brought nothing (no code in the picture) must not look like codes that are all well.
std::vector<std::string> payloads_of(std::vector<std::string> const& arguments)
{
    auto payloads = arguments_or_lines(arguments);
    if (std::ranges::all_of(payloads, &std::string::empty)) throw Stop{Exit::usage, "there is no payload: standard input is empty"};
    return payloads;
}

void decode(std::vector<std::string> const& arguments)
{
    bool all_valid = true;
    for (auto const& payload : payloads_of(arguments)) {
        auto const reading = qr_pay::decode_qr(payload);
        all_valid = all_valid && reading.has_value();
        print_json(documents::qr_json(reading));
    }
    if (!all_valid) throw Stop{Exit::negative, {}};
}

struct SignOptions {
    std::string file, size = "A5", stall, alias, market, merchant_id, merchant_bin, printed_on;
};

struct EncodeOptions {
    std::string bin, account, service = "QRIBFTTA", memo, name, city, mcc, svg, png;
    std::optional<std::int64_t> amount;
    SignOptions sign;
};

// The sign with the code that was asked for and, where there is a merchant contract, the one that foreign apps pay.
std::string sign_pdf(EncodeOptions const& options, std::string const& payload)
{
    auto const& o = options.sign;
    auto const size = documents::sign_size_named(o.size);
    if (!size) throw Stop{Exit::usage, "--size " + o.size + ": must be A5 or A6"};
    documents::StallSign sign;
    sign.stall = o.stall.empty() ? options.name : o.stall;
    sign.alias = o.alias;
    sign.market = o.market;
    (options.service == "QRPUSH" ? sign.merchant_code : sign.transfer_code) = payload;
    if (!o.merchant_id.empty()) {
        if (options.service == "QRPUSH") throw Stop{Exit::usage, "--merchant-id: with --service QRPUSH the merchant id is --account"};
        qr_pay::MerchantTerms const terms{o.merchant_bin.empty() ? options.bin : o.merchant_bin, o.merchant_id,
                                          options.mcc.empty() ? "0000" : options.mcc, options.name.empty() ? o.stall : options.name,
                                          options.city};
        if (auto const faults = qr_pay::faults_of(terms); !faults.empty()) {
            throw Stop{Exit::usage, "--merchant-id " + faults.front().pointer + ": " + faults.front().detail + " (" +
                                        std::string(errc_name(faults.front().code)) + ")"};
        }
        sign.merchant_code = value_or_stop(qr_pay::merchant_sign_code(terms, options.memo), "--merchant-id");
    }
    auto const day = o.printed_on.empty() ? Day::of(SystemClock().now()) : value_or_stop(Day::parse(o.printed_on), "--printed-on");
    return value_or_stop(documents::stall_sign_pdf(sign, *size, day), "--pdf");
}

void encode(EncodeOptions const& options)
{
    auto const service = qr_pay::qr_service_named(options.service);
    if (!service) throw Stop{Exit::usage, "--service " + options.service + ": must be QRIBFTTA, QRIBFTTC, QRPUSH or QRCASH"};
    qr_pay::QrRequest request(options.bin, options.account);
    request.service = *service;
    if (options.amount) request.amount = Dong(*options.amount);
    request.memo = options.memo;
    request.name = options.name;
    request.city = options.city;
    request.mcc = options.mcc;
    auto const payload = value_or_stop(qr_pay::encode(request), "qr encode");

    auto const title = options.amount ? "VietQR " + dong_text(*options.amount) : std::string("VietQR");
    if (!options.svg.empty()) write_file(options.svg, value_or_stop(documents::qr_svg(payload, title), "--svg"));
    if (!options.png.empty()) write_file(options.png, value_or_stop(documents::qr_png(payload), "--png"));
    if (!options.sign.file.empty()) write_file(options.sign.file, sign_pdf(options, payload));
    if (options.svg != "-" && options.png != "-" && options.sign.file != "-") std::cout << payload << '\n';
}

struct CheckOptions {
    std::string bin, account, merchant_id, merchant_bin, memo;
    std::vector<std::string> payloads;
};

nlohmann::ordered_json check_json(qr_pay::SignCheck const& check)
{
    nlohmann::ordered_json json{{"verdict", name_of(check.verdict)}};
    if (check.refusal) {
        json["error"] = name_of(check.refusal->fault);
        json["crc_ok"] = check.refusal->crc_ok;
    }
    if (auto const& account = check.account) {
        json["scheme"] = name_of(account->scheme);
        if (account->scheme == qr_pay::Scheme::vietqr) {
            auto const* bank = qr_pay::Banks::current().find(account->acquirer);
            json["bin"] = account->acquirer;
            if (bank) json["bank"] = bank->short_name;
            json["account"] = account->account;
            json["service"] = account->service;
        }
    }
    json["differences"] = nlohmann::ordered_json::array();
    for (auto const& [kind, value] : check.differences) json["differences"].push_back({{"what", name_of(kind)}, {"value", value}});
    return json;
}

void check(CheckOptions const& options)
{
    for (auto const& [option, bin] : {std::pair("--bin", &options.bin), std::pair("--merchant-bin", &options.merchant_bin)}) {
        if (!bin->empty() && !qr_pay::is_bank_bin(*bin))
            throw Stop{Exit::usage, std::string(option) + ": an acquirer number has six digits"};
    }
    Id<qr_pay::Owner> const stall(make_derived_uuid({"cho40 qr check", "the stall"}));
    using Kind = qr_pay::PaymentAddress::Kind;
    std::vector<qr_pay::RegisteredAddress> registered{{{Kind::account, options.bin, options.account}, stall}};
    if (!options.merchant_id.empty()) {
        registered.push_back(
            {{Kind::merchant, options.merchant_bin.empty() ? options.bin : options.merchant_bin, options.merchant_id}, stall});
    }
    bool all_right = true;
    for (auto const& payload : payloads_of(options.payloads)) {
        auto const seen = qr_pay::check_sign(payload, stall, registered, options.memo);
        all_right = all_right && seen.verdict == qr_pay::SignVerdict::right_stall && seen.differences.empty();
        print_json(check_json(seen));
    }
    if (!all_right) throw Stop{Exit::negative, {}};
}

}  // namespace

void add_qr_commands(CLI::App& app)
{
    auto* const qr = app.add_subcommand("qr", "Read and write payment QR codes");
    qr->require_subcommand(1);

    auto const payloads = std::make_shared<std::vector<std::string>>();
    auto* const decoding = qr->add_subcommand("decode", "Decode EMVCo and VietQR payloads: one JSON object a line");
    decoding->add_option("payload", *payloads, "Payloads; without any, one a line from standard input");
    decoding->add_flag("--json")->description("JSON is what this command always prints");
    decoding->footer("Exit 1 when a payload is not valid, 2 when there is none.\nExample: zbarimg -q --raw sign.png | cho40 qr decode");
    decoding->callback([payloads] { decode(*payloads); });

    auto const options = std::make_shared<EncodeOptions>();
    auto* const encoding = qr->add_subcommand("encode", "Write a VietQR payload, and its picture");
    encoding->add_option("--bin", options->bin, "Acquirer number of the bank, six digits")->required();
    encoding->add_option("--account", options->account, "Account number, up to 19 letters and digits")->required();
    encoding->add_option("--amount", options->amount, "Amount in đồng; without it the payer types it");
    encoding->add_option("--memo", options->memo, "Memo, up to 25 characters once accents and signs are taken off");
    encoding->add_option("--service", options->service, "QRIBFTTA, QRIBFTTC, QRPUSH or QRCASH");
    encoding->add_option("--name", options->name, "Merchant name, up to 25 characters");
    encoding->add_option("--city", options->city, "Merchant city, up to 15 characters");
    encoding->add_option("--mcc", options->mcc, "Merchant category code, four digits");
    encoding->add_option("--svg", options->svg, "Also write the picture as SVG to this file");
    encoding->add_option("--png", options->png, "Also write the picture as PNG to this file");
    auto& sign = options->sign;
    encoding->add_option("--pdf", sign.file, "Also write a stall sign to print, in Vietnamese and English, to this file");
    encoding->add_option("--size", sign.size, "Of the sign: A5 or A6");
    encoding->add_option("--stall", sign.stall, "On the sign: the stall's name, accents and all; without it --name");
    encoding->add_option("--alias", sign.alias, "On the sign: what the market calls the stall, \"Sạp 12\"");
    encoding->add_option("--market", sign.market, "On the sign: the market");
    encoding->add_option(
        "--merchant-id", sign.merchant_id,
        "On the sign: a second code, for foreign apps, to this merchant id (QRPUSH); needs --city, takes --mcc and --name");
    encoding->add_option("--merchant-bin", sign.merchant_bin, "Acquirer number of the merchant contract; without it --bin");
    encoding->add_option("--printed-on", sign.printed_on, "On the sign: its day, YYYY-MM-DD; the same day gives the same bytes");
    encoding->footer("Example: cho40 qr encode --bin 970436 --account 1017595600 --amount 45000 --memo \"CQ7K2M4X7 "
                     "tien ca\" --svg qr.svg\n"
                     "         cho40 qr encode --bin 970436 --account 1017595600 --memo \"SAP 12\" --stall \"Cá tươi Bà Thế\" "
                     "--alias \"Sạp 12\" --market \"Chợ Hạ Long I\" --pdf sign.pdf");
    encoding->callback([options] { encode(*options); });

    auto const checked = std::make_shared<CheckOptions>();
    auto* const checking = qr->add_subcommand("check", "Compare scanned codes with a stall's account: one JSON object a line");
    checking->add_option("payload", checked->payloads, "Payloads; without any, one a line from standard input");
    checking->add_option("--bin", checked->bin, "Acquirer number of the stall's bank, six digits")->required();
    checking->add_option("--account", checked->account, "The stall's account number")->required();
    checking->add_option("--merchant-id", checked->merchant_id, "Merchant id of the stall's merchant contract (QRPUSH)");
    checking->add_option("--merchant-bin", checked->merchant_bin, "Acquirer number of the merchant contract; without it --bin");
    checking->add_option("--memo", checked->memo, "The memo the stall's sign carries; any other is told as a difference");
    checking->add_flag("--json")->description("JSON is what this command always prints");
    checking->footer("Exit 1 when any code is not the stall's, or differs in a way that matters; 2 when there is none.\n"
                     "Example: zbarimg -q --raw sign.png | cho40 qr check --bin 970436 --account 1017595600 --memo \"SAP 12\"");
    checking->callback([checked] { check(*checked); });
}

}  // namespace cho40::cli
