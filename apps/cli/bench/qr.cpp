#include "apps/cli/bench/qr.h"
#include "adapters/documents/qr_picture.h"
#include "apps/cli/bench/ledger_stage.h"
#include "apps/cli/io.h"
#include "qr-pay/crc16.h"
#include "qr-pay/emvco.h"
#include "qr-pay/memo.h"
#include "qr-pay/vietqr.h"
#include <fmt/format.h>
#include <qrencode.h>
#include <unordered_set>

namespace cho40::cli::bench {
namespace {

constexpr std::size_t distinct = 4'096;  // so many texts in turn, more than a branch predictor learns by heart
constexpr std::size_t open_codes = 100'000;

// What each pass of a round gave, so that no compiler may leave the work out.
std::size_t kept = 0;

// Times a second `work` handles one of `items`, median of rounds that go through them in turn with the others.
struct Contest {
    std::string name;
    std::size_t items;
    std::function<std::size_t(std::size_t)> work;
    std::vector<double> rates;
};

void run(std::vector<Contest>& contests, std::size_t rounds)
{
    for (std::size_t round = 0; round <= rounds; ++round) {
        for (auto& contest : contests) {
            auto const began = Steady::now();
            for (std::size_t i = 0; i < contest.items; ++i) kept += contest.work(i);
            auto const seconds = std::chrono::duration<double>(Steady::now() - began).count();
            if (round > 0) contest.rates.push_back(static_cast<double>(contest.items) / seconds);
        }
    }
}

qr_pay::QrRequest request(QuickRandom& random)
{
    qr_pay::QrRequest request("970436", fmt::format("{:010}", random.next() % 10'000'000'000));
    request.amount = Dong(static_cast<std::int64_t>(1'000 + random.next() % 5'000'000));
    request.memo = qr_pay::OrderCode::draw(random).text() + " sap 12";
    return request;
}

// As banks tell it: wrapped, half of them with a code of ours that is open.
std::string narrative(QuickRandom& random, std::vector<std::string> const& codes)
{
    auto const memo = random.next() % 2 ? codes[random.next() % codes.size()] + " tien ca"
                                        : std::string("NGUYEN VAN QUANG chuyen tien mua rau");
    auto const digits = [&](int count) { return fmt::format("{:0{}}", random.next() % 1'000'000, count); };
    switch (random.next() % 5) {
    case 0: return "MBVCB." + digits(10) + "." + memo + ".CT tu " + digits(13) + " NGUYEN VAN A toi 1017595600 TRAN THI B";
    case 1: return digits(6) + ".231126.101530." + memo;
    case 2: return "TKThe :" + digits(10) + ", tai VCB. " + memo + " -CTLNHIDI" + digits(12) + "-1/1-CRE-002";
    case 3: return memo + " FT" + digits(14);
    default: return "CT nhanh 247 den: " + memo;
    }
}

}  // namespace

std::vector<Figure> bench_qr(bool quick)
{
    std::size_t const rounds = quick ? 3 : 7;
    std::size_t const scale = quick ? 1 : 4;
    QuickRandom random(20261123);
    std::vector<qr_pay::QrRequest> requests;
    std::vector<std::string> payloads;
    for (std::size_t i = 0; i < distinct; ++i) {
        requests.push_back(request(random));
        payloads.push_back(value_or_stop(qr_pay::encode(requests.back()), "bench qr"));
    }
    std::vector<std::string> codes;
    std::unordered_set<std::string> open;
    while (codes.size() < open_codes) {
        auto code = qr_pay::OrderCode::draw(random).text();
        if (open.insert(code).second) codes.push_back(std::move(code));
    }
    std::vector<std::string> narratives;
    for (std::size_t i = 0; i < 16 * distinct; ++i) narratives.push_back(narrative(random, codes));
    std::string key;
    auto const is_open = [&](std::string_view code) { return open.contains(key.assign(code)); };

    enum { decode, crc, draw, symbol, memo, scan };
    std::vector<Contest> contests{
        {"decode", 250'000 * scale, [&](std::size_t i) { return qr_pay::decode_qr(payloads[i % distinct])->root.size(); }, {}},
        {"crc", 250'000 * scale, [&](std::size_t i) { return std::size_t{qr_pay::crc16(payloads[i % distinct])}; }, {}},
        {"encode_and_svg",
         2'000 * scale,
         [&](std::size_t i) {
             auto const payload = value_or_stop(qr_pay::encode(requests[i % distinct]), "bench qr");
             return value_or_stop(documents::qr_svg(payload, "VietQR"), "bench qr").size();
         },
         {}},
        {"libqrencode",
         2'000 * scale,
         [&](std::size_t i) {
             auto* const made = QRcode_encodeString(payloads[i % distinct].c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
             auto const width = static_cast<std::size_t>(made->width);
             QRcode_free(made);
             return width;
         },
         {}},
        {"memo",
         250'000 * scale,
         [&](std::size_t i) { return qr_pay::extract_codes(narratives[i % narratives.size()], is_open).codes.size(); },
         {}},
        {"scan", 250'000 * scale, [&](std::size_t i) { return narratives[i % narratives.size()].find("CQ"); }, {}},
    };
    run(contests, rounds);
    auto const rate = [&](std::size_t which) { return median(contests[which].rates); };
    if (kept == 0) throw Stop{Exit::negative, "nothing was read"};
    return {
        {"payloads_decoded", rate(decode), "1/s", ">=", 1'000'000},
        {"decode_over_crc", rate(decode) / rate(crc), "ratio", "", 0},
        {"crc_alone", rate(crc), "1/s", "", 0},
        {"encode_and_svg_over_libqrencode", rate(draw) / rate(symbol), "ratio", ">=", 0.30},
        {"encode_and_svg", rate(draw), "1/s", "", 0},
        {"libqrencode_alone", rate(symbol), "1/s", "", 0},
        {"narratives_read", rate(memo), "1/s", ">=", 1'000'000},
        {"memo_over_scan", rate(memo) / rate(scan), "ratio", "", 0},
        {"scan_alone", rate(scan), "1/s", "", 0},
    };
}

}  // namespace cho40::cli::bench
