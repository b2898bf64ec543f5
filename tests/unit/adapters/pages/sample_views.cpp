#include "tests/unit/adapters/pages/sample_views.h"
#include "fees/assess.h"
#include <stdexcept>

namespace cho40::pages {
namespace {

using namespace literals;
using Words = std::function<std::string(std::string)>;

constexpr Day today = Day::from(2026, 11, 22);
Instant at(int hour, int minute) { return today.begin() + std::chrono::hours(hour) + std::chrono::minutes(minute); }

fees::FeeTables const& tables()
{
    static auto const embedded = fees::FeeTables::embedded().value();
    return embedded;
}

fees::Assessment line(char const* fee_code)
{
    fees::AssessmentRequest request;
    request.fee_code = fee_code;
    request.day = today;
    request.pages = 5;
    request.copies = 3;
    return fees::assess(tables(), request).value();
}

FeeQuoteView quote_of(std::vector<std::string> const& fee_codes, fees::Channel channel, std::vector<std::string> personas,
                      std::optional<Dong> value = std::nullopt)
{
    FeeQuoteView view{tables(), {}, {}, {today.to_vietnamese(), false}, {}, {}, {}, {}};
    view.asked.day = today;
    view.asked.channel = channel;
    view.asked.personas = std::move(personas);
    for (auto const& code : fee_codes) {
        FeeQuestion question;
        question.rate = tables().any_rate(code);
        question.asks = fees::asks_of(question.rate->unit);
        question.quantity.typed = question.pages.typed = "1";
        view.questions.push_back(question);
        fees::LineOrder order;
        order.fee_code = code;
        order.value = value;
        view.asked.lines.push_back(order);
    }
    view.groups = fees::groups_that_matter(tables(), fee_codes, today);
    view.lines = fees::assess_lines(tables(), view.asked).value();
    view.totals = fees::totals_of(view.lines).value();
    return view;
}

fees::FeeNotice notice(Words const& words, std::vector<char const*> const& fee_codes)
{
    fees::FeeNotice draft{};
    draft.code = "K7M2PQ94XYTB";
    draft.agency_code = "H49.20";
    draft.agency_name_vi = words("Sở Tài chính - Phòng Đăng ký kinh doanh");
    draft.agency_name_en = words("Department of Finance - business registration office");
    draft.dossier_code = words("H49.20-261122-0007");
    draft.procedure_code = "2.001610";
    draft.procedure_name_vi = words("Đăng ký thay đổi nội dung đăng ký doanh nghiệp");
    draft.procedure_name_en = words("Change of business registration");
    draft.payer_name = words("Nguyễn Thị Thế");
    draft.due_day = Day::from(2026, 11, 30);
    draft.issued_at = at(10, 15);
    draft.valid_until = at(10, 45);
    for (auto const* code : fee_codes) {
        draft.lines.push_back(line(code));
        draft.lines.back().name_vi = words(draft.lines.back().name_vi);
        draft.lines.back().name_en = words(draft.lines.back().name_en);
        draft.lines.back().explanation_vi = words(draft.lines.back().explanation_vi);
        draft.lines.back().explanation_en = words(draft.lines.back().explanation_en);
    }
    auto made = fees::FeeNotice::make(draft);
    if (made) return *made;
    draft.total = 125'000_vnd;  // hostile words may not be a notice at all; the page must stand them all the same
    return draft;
}

// A picture that looks like a code: three finders and a fixed pattern.
QrSquares draw_qr()
{
    QrSquares squares{33, std::vector<bool>(33 * 33)};
    std::uint32_t draw = 12345;
    for (auto&& square : squares.dark) {
        draw = draw * 1664525 + 1013904223;
        square = (draw >> 16 & 1) != 0;
    }
    for (auto const& [left, top] : {std::pair{0, 0}, {26, 0}, {0, 26}}) {
        for (int y = -1; y < 8; ++y) {
            for (int x = -1; x < 8; ++x) {
                if (left + x < 0 || left + x > 32 || top + y < 0 || top + y > 32) continue;
                bool const ring = x == 0 || x == 6 || y == 0 || y == 6;
                bool const heart = x >= 2 && x <= 4 && y >= 2 && y <= 4;
                bool const inside = x >= 0 && x <= 6 && y >= 0 && y <= 6;
                squares.dark[static_cast<std::size_t>((top + y) * 33 + left + x)] = inside && (ring || heart);
            }
        }
    }
    return squares;
}

QrSquares const& qr()
{
    static auto const squares = draw_qr();
    return squares;
}

fees::Receipt receipt(Words const& words)
{
    fees::Receipt r{};
    r.agency_code = "H49.20";
    r.number = {fees::ReceiptForm::no_printed_value, "26TBP", 12};
    r.issued_at = at(10, 18);
    r.collector_name = words("Sở Tài chính - Phòng Đăng ký kinh doanh");
    r.collector_tax_code = words("5701990026");
    r.collector_address = words("phường Hạ Long, tỉnh Quảng Ninh");
    r.kind = fees::FeeKind::phi;
    r.payer_name = words("Nguyễn Thị Thế");
    r.dossier_code = words("H49.20-261122-0007");
    r.notice_code = "K7M2PQ94XYTB";
    r.lines = {
        {"BR_PUB", words("Công bố nội dung đăng ký doanh nghiệp"), words("Publication of registration content"), "2266", 100'000_vnd}};
    r.total = 100'000_vnd;
    r.words = words("một trăm nghìn đồng");
    r.lookup_code = "W3HT9KQ27MPA";
    r.booked_as = fees::BookedAs{};
    r.digest = receipt_digest(r);
    if (words("x") == "x") r.digest = "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592";
    return r;
}

WaitView wait(Words const& words, WaitState state)
{
    WaitView view{};
    view.notice_code = "K7M2PQ94XYTB";
    view.amount = state == WaitState::short_paid ? 25'000_vnd : 125'000_vnd;
    view.received = state == WaitState::short_paid ? 100'000_vnd : Dong();
    view.qr = qr();
    view.bank_name = words("BIDV");
    view.account_number = words("9990000020001");
    view.account_name = words("SO TAI CHINH QUANG NINH");
    view.memo = words("CQ7K2M4XJ");
    view.agency_name = words("Sở Tài chính");
    view.now = at(10, 16);
    view.expires_at = at(10, 30) + std::chrono::seconds(32);
    view.state = state;
    view.next_check_at = at(10, 17);
    view.form_key = words("0191d3a4-wait");
    view.live = Url::path({"v1", "pay", "K7M2PQ94XYTB", "stream"});
    view.qr_image = Url::path({"pay", "K7M2PQ94XYTB", "qr.png"});
    return view;
}

NationalView national(Words const& words, NationalPageState state)
{
    NationalView view;
    view.notice_code = "K7M2PQ94XYTB";
    view.state = state;
    view.amount = 125'000_vnd;
    view.reference = words("dvcH49202611220007261122101200");
    view.started_at = at(10, 12);
    if (state == NationalPageState::calling || state == NationalPageState::waiting) view.next_check_at = at(10, 17);
    view.may_go = state == NationalPageState::waiting;
    view.form_key = words("0191d3a4-national");
    view.live = Url::path({"v1", "pay", "K7M2PQ94XYTB", "stream"});
    return view;
}

}  // namespace

std::vector<SamplePage> sample_pages(Language language, Words const& words, std::optional<int> only)
{
    PageContext context;
    context.language = language;
    context.site_address = "cho40.example";
    context.request_id = words("req_01jd2w6x3k9q7m5v8t4r2n0abf");
    std::vector<SamplePage> pages;
    int number = 0;
    auto const add = [&](std::string name, auto const& make) {
        if (!only || *only == number) pages.push_back({std::move(name), make()});
        ++number;
    };

    context.here = Url::path({});
    add("home", [&] {
        return home_page(context, {{{"mkt_1", words("Chợ Hạ Long I"), words("phường Hồng Gai")},
                                    {"mkt_2", words("Chợ Móng Cái"), words("phường Móng Cái 1")}}});
    });

    context.here = Url::path({"pay"});
    add("find", [&] { return find_page(context, {}); });
    add("find_empty", [&] { return find_page(context, {"", CodeFault::empty}); });
    add("find_malformed", [&] { return find_page(context, {words("K7M2-PQ94"), CodeFault::malformed}); });
    add("find_not_found", [&] { return find_page(context, {words("K7M2-PQ94-XYTC"), CodeFault::not_found}); });

    context.here = Url::path({"pay", "K7M2PQ94XYTB"});
    auto const two = notice(words, {"BR_REG", "BR_PUB"});
    auto copies = notice(words, {"CERT_COPY", "ID_FIRST"});
    copies.valid_until = Day::from(2026, 11, 30).end();
    add("due", [&] { return due_page(context, {two, at(10, 15), Dong(), words("0191d3a4-due")}); });
    add("due_part_paid", [&] { return due_page(context, {copies, Day::from(2026, 11, 30).begin(), 1'000_vnd, words("0191d3a4-due")}); });
    add("due_overdue", [&] { return due_page(context, {copies, Day::from(2026, 12, 3).begin(), Dong(), words("0191d3a4-due")}); });

    add("due_national", [&] { return due_page(context, {two, at(10, 15), Dong(), words("0191d3a4-due"), true}); });
    add("due_national_open", [&] { return due_page(context, {two, at(10, 15), Dong(), words("0191d3a4-due"), true, at(10, 12)}); });
    add("due_national_part_paid", [&] { return due_page(context, {two, at(10, 15), 1'000_vnd, words("0191d3a4-due"), true}); });

    context.here = Url::path({"pay", "K7M2PQ94XYTB", "national"});
    for (auto const& [name, state] : {std::pair("calling", NationalPageState::calling),
                                      {"waiting", NationalPageState::waiting},
                                      {"paid", NationalPageState::paid},
                                      {"failed", NationalPageState::failed},
                                      {"refused", NationalPageState::refused},
                                      {"expired", NationalPageState::expired}}) {
        add(std::string("national_") + name, [&] { return national_page(context, national(words, state)); });
    }
    context.here = Url::path({"pay", "K7M2PQ94XYTB"});

    fees::NoticeRecord life;
    life.state = fees::NoticeState::paid;
    life.received = two.total;
    life.paid_at = at(10, 18) + std::chrono::seconds(4);
    life.dossier = fees::DossierTick::pending;
    auto const live = Url::path({"v1", "pay", "K7M2PQ94XYTB", "stream"});
    std::vector<ReceiptLink> const receipts = {{"W3HT9KQ27MPA", fees::FeeKind::phi, 100'000_vnd},
                                               {"X4HT9KQ27MPB", fees::FeeKind::le_phi, 25'000_vnd}};
    add("result_pending", [&] { return result_page(context, {two, life, at(17, 0), {}, live}); });
    life.dossier = fees::DossierTick::failed;
    life.owed_back = 10'000_vnd;
    add("result_failed_surplus", [&] { return result_page(context, {two, life, at(17, 0), receipts, live}); });
    life.dossier = fees::DossierTick::told;
    life.told_at = at(10, 21);
    life.owed_back = Dong();
    add("result_done", [&] { return result_page(context, {two, life, at(17, 0), receipts, live}); });
    life.given_back = 20'000_vnd;
    add("result_refunded_part", [&] { return result_page(context, {two, life, at(17, 0), receipts, live}); });
    life.state = fees::NoticeState::refunded;
    life.given_back = two.total;
    add("result_refunded", [&] { return result_page(context, {two, life, at(17, 0), receipts, {}}); });

    context.here = Url::path({"pay", "K7M2PQ94XYTB", "wait"});
    add("wait", [&] { return wait_page(context, wait(words, WaitState::waiting)); });
    add("wait_short", [&] { return wait_page(context, wait(words, WaitState::short_paid)); });
    add("wait_in_doubt", [&] { return wait_page(context, wait(words, WaitState::in_doubt)); });
    add("wait_bank_slow", [&] { return wait_page(context, wait(words, WaitState::bank_slow)); });

    context.here = Url::path({"receipt", "W3HT9KQ27MPA"});
    auto genuine = receipt(words);
    auto adjusted = genuine;
    (void)adjust_receipt(adjusted, words("sai địa chỉ"));  // a fresh receipt can always be adjusted
    auto cancelled = genuine;
    (void)cancel_receipt(cancelled, words("thu nhầm hồ sơ"));
    auto replaced = genuine;
    (void)replace_receipt(replaced, {fees::ReceiptForm::no_printed_value, "26TBP", 15}, words("sai số tiền"));
    genuine.replaces = fees::ReceiptNumber{fees::ReceiptForm::no_printed_value, "26TBP", 11};
    genuine.delegate = fees::Delegate{words("Bưu điện tỉnh Quảng Ninh"), words("phường Hồng Gai")};
    add("receipt", [&] { return receipt_page(context, {genuine, qr(), true}); });
    add("receipt_cancelled", [&] { return receipt_page(context, {cancelled, qr()}); });
    auto const entry = [&](fees::ReceiptEntryKind kind, std::uint8_t refund, Dong amount, Instant when) {
        return fees::ReceiptEntry{kind, Uuid{{refund}}, amount, {{1, amount}}, when};
    };
    auto refunded_part = receipt(words);
    refunded_part.entries = {entry(fees::ReceiptEntryKind::given_back, 1, 20'000_vnd, at(14, 5)),
                             entry(fees::ReceiptEntryKind::sent_back, 1, 20'000_vnd, at(15, 0)),
                             entry(fees::ReceiptEntryKind::given_back, 2, 20'000_vnd, at(16, 30))};
    auto refunded = receipt(words);
    refunded.entries = {entry(fees::ReceiptEntryKind::given_back, 1, refunded.total, at(14, 5))};
    add("receipt_refunded", [&] { return receipt_page(context, {refunded, {}}); });
    add("receipt_refunded_part", [&] { return receipt_page(context, {refunded_part, qr()}); });

    context.here = Url::path({"verify"});
    add("verify", [&] { return verify_page(context, {}); });
    add("verify_malformed", [&] { return verify_page(context, {words("W3HT"), CodeFault::malformed, nullptr}); });
    add("verify_unknown", [&] { return verify_page(context, {words("W3HT-9KQ2-7MPC"), CodeFault::not_found, nullptr}); });
    add("verify_genuine", [&] { return verify_page(context, {words("W3HT-9KQ2-7MPA"), CodeFault::none, &genuine}); });
    add("verify_adjusted", [&] { return verify_page(context, {words("W3HT-9KQ2-7MPA"), CodeFault::none, &adjusted}); });
    add("verify_cancelled", [&] { return verify_page(context, {words("W3HT-9KQ2-7MPA"), CodeFault::none, &cancelled}); });
    add("verify_replaced", [&] { return verify_page(context, {words("W3HT-9KQ2-7MPA"), CodeFault::none, &replaced}); });
    add("verify_refunded", [&] { return verify_page(context, {words("W3HT-9KQ2-7MPA"), CodeFault::none, &refunded}); });
    add("verify_refunded_part", [&] { return verify_page(context, {words("W3HT-9KQ2-7MPA"), CodeFault::none, &refunded_part}); });

    context.here = Url::path({"fees"});
    add("fees_search", [&] { return fee_search_page(context, {}); });
    add("fees_found",
        [&] { return fee_search_page(context, {words("ho chieu"), fees::find_fees(tables(), "ho chieu", today), {}, false}); });
    add("fees_found_one_more",
        [&] { return fee_search_page(context, {words("cong bo"), fees::find_fees(tables(), "cong bo", today), {"BR_REG"}, false}); });
    add("fees_found_none", [&] { return fee_search_page(context, {words("xyz"), {}, {}, false}); });
    add("fees_no_such_fee", [&] { return fee_search_page(context, {{}, {}, {}, true}); });
    add("fees_quote", [&] { return fee_quote_page(context, quote_of({"PP_NEW"}, fees::Channel::online, {"digital_citizen"})); });
    add("fees_quote_two_kinds", [&] { return fee_quote_page(context, quote_of({"BR_REG", "BR_PUB"}, fees::Channel::counter, {})); });
    add("fees_quote_unknown", [&] { return fee_quote_page(context, quote_of({"HB_REG"}, fees::Channel::counter, {})); });
    add("fees_quote_value_missing", [&] { return fee_quote_page(context, quote_of({"NOT_VAL"}, fees::Channel::counter, {})); });
    add("fees_quote_condition", [&] {
        auto view = quote_of({"REG_LAND"}, fees::Channel::online, {"digital_citizen"}, Dong(2'000'000'000));
        view.questions[0].value.typed = words("2.000.000.000");
        return fee_quote_page(context, view);
    });
    add("fees_quote_wrong", [&] {
        auto view = quote_of({"CERT_COPY", "VISA_90"}, fees::Channel::counter, {});
        view.questions[0].pages = {words("năm"), true};
        view.usd = {words("26,15 nghìn"), true};
        view.day = {words("32/13/2026"), true};
        view.lines.clear();
        return fee_quote_page(context, view);
    });

    context.here = Url::path({"pay", "K7M2PQ94XYTB"});
    TroubleView trouble{};
    trouble.notice_code = words("K7M2PQ94XYTB");
    trouble.paid_on = today;
    trouble.before = 200'000_vnd;
    trouble.now = 100'000_vnd;
    trouble.reason = words("TT 64/2025/TT-BTC: còn 50%");
    trouble.agency = words("Sở Tài chính");
    trouble.bank = words("BIDV");
    trouble.open_again_at = at(13, 0);
    constexpr std::pair<Trouble, char const*> kinds[] = {{Trouble::expired, "expired"},
                                                         {Trouble::already_paid, "already_paid"},
                                                         {Trouble::amount_changed, "amount_changed"},
                                                         {Trouble::cancelled, "cancelled"},
                                                         {Trouble::bank_slow, "bank_slow"},
                                                         {Trouble::maintenance, "maintenance"},
                                                         {Trouble::not_found, "not_found"},
                                                         {Trouble::too_fast, "too_fast"},
                                                         {Trouble::broken, "broken"},
                                                         {Trouble::out_of_date, "out_of_date"},
                                                         {Trouble::refused, "refused"}};
    for (auto const& [what, name] : kinds) {
        trouble.what = what;
        add(std::string("trouble_") + name, [&] { return trouble_page(context, trouble); });
    }

    context.here = Url::path({"market", "mkt_1"});
    MarketView market{words("Chợ Hạ Long I"), words("phường Hồng Gai, tỉnh Quảng Ninh"), at(9, 30), {}, {}};
    add("market_empty", [&] { return market_page(context, market); });
    market.prices = {{words("Mực khô loại 1"), words("kg"), 780'000_vnd, 900'000_vnd, 7},
                     {words("Chả mực giã tay"), words("kg"), 420'000_vnd, 480'000_vnd, 12},
                     {words("Ngao hai cùi"), words("kg"), 90'000_vnd, 90'000_vnd, 3},
                     {words("Rau muống"), words("mớ"), 8'000_vnd, 10'000_vnd, 21}};
    market.stalls = {{"A12", words("Sạp cá Bà Thế"), words("Hải sản tươi"), true},
                     {"A13", words("Hải sản khô Minh Châu"), words("Hải sản khô"), true},
                     {"B04", words("Rau sạch Cô Lành"), words("Rau củ"), false},
                     {"C21", words("Tạp hóa Hùng"), words("Tạp hóa"), true}};
    add("market", [&] { return market_page(context, market); });
    market.prices.clear();
    for (auto& stall : market.stalls) stall.open.reset();
    market.stalls[0].trade.clear();
    add("market_nothing_told", [&] { return market_page(context, market); });
    return pages;
}

}  // namespace cho40::pages
