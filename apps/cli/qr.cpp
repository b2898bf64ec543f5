#include "adapters/documents/qr_json.h"
#include "adapters/documents/qr_picture.h"
#include "apps/cli/io.h"
#include "base/text.h"
#include "qr-pay/vietqr.h"
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

void decode(std::vector<std::string> const& arguments)
{
    bool all_valid = true;
    for (auto const& payload : arguments_or_lines(arguments)) {
        auto const reading = qr_pay::decode_qr(payload);
        all_valid = all_valid && reading.has_value();
        print_json(documents::qr_json(reading));
    }
    if (!all_valid) throw Stop{Exit::negative, {}};
}

struct EncodeOptions {
    std::string bin, account, service = "QRIBFTTA", memo, name, city, mcc, svg, png;
    std::optional<std::int64_t> amount;
};

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
    if (options.svg != "-" && options.png != "-") std::cout << payload << '\n';
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
    decoding->footer("Exit 1 when a payload is not valid.\nExample: zbarimg -q --raw sign.png | cho40 qr decode");
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
    encoding->footer("Example: cho40 qr encode --bin 970436 --account 1017595600 --amount 45000 --memo \"CQ7K2M4X7 "
                     "tien ca\" --svg qr.svg");
    encoding->callback([options] { encode(*options); });
}

}  // namespace cho40::cli
