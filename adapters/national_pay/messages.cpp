#include "adapters/national_pay/messages.h"
#include "adapters/national_pay/checksum.h"
#include "adapters/national_pay/fields.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::national_pay {
namespace {

using fees::NationalBillAnswer;
using fees::NationalOpening;
using fees::NationalResult;
using nlohmann::json;

constexpr std::string_view version = "1.0.6";
constexpr std::size_t name_max = 250;
constexpr std::size_t bill_bytes_max = 1024 * 1024;  // a page of text; it travels with a command of the ledger
constexpr std::string_view no_paper = "000000000";

std::string question(std::string_view kind, fees::NationalPayment const& payment, Account const& account)
{
    json const body = {{"LoaiBanTin", kind},
                       {"PhienBan", version},
                       {"MaDoiTac", account.partner},
                       {"MaThamChieu", payment.reference},
                       {"ThoiGianGD", payment.sent_time},
                       {"MaXacThuc", checksum({kind, version, account.partner, payment.reference, payment.sent_time}, account.secret)}};
    return body.dump();
}

json fee_lines(fees::FeeNotice const& notice)
{
    json lines = json::array();
    for (auto const& line : notice.lines) {
        auto const due = line.due.value_or(Dong());
        if (due.is_zero()) continue;
        lines.push_back({{"LoaiPhiLePhi", line.kind == fees::FeeKind::phi ? "PHI" : "LEPHI"},
                         {"MaPhiLePhi", line.fee_code},
                         {"TenPhiLePhi", cut(line.name_vi, name_max)},
                         {"SoTien", std::to_string(due.count())}});
    }
    return lines;
}

json parts(fees::FeeNotice const& notice)
{
    json lines = json::array();
    for (auto const& line : fee_lines(notice)) lines.push_back({{"NoiDung", line["TenPhiLePhi"]}, {"SoTien", line["SoTien"]}});
    return lines;
}

// `message` is a text that holds JSON.
std::optional<json> inside(json const& answer)
{
    auto const message = answer.find("message");
    if (message == answer.end() || !message->is_string()) return std::nullopt;
    auto object = read_object(message->get_ref<std::string const&>());
    if (!object) return std::nullopt;
    return *std::move(object);
}

std::string status_word(int status) { return "http_" + std::to_string(status); }

bool is_contradicted(json const& answer, fees::NationalPayment const& payment, Account const& account)
{
    auto const differs = [&](char const* name, std::string const& ours) {
        auto const theirs = word(answer, name);
        return !theirs.empty() && theirs != ours;
    };
    return differs("MaThamChieu", payment.reference) || differs("SoTien", std::to_string(payment.amount.count())) ||
           differs("MaTienTe", "VND") || differs("MaDoiTac", account.partner);
}

}  // namespace

std::string transaction_words(std::string_view dossier_code) { return "THANH TOAN HO SO " + std::string(dossier_code); }

std::string init_body(fees::NationalPayment const& payment, fees::FeeNotice const& notice, fees::RegisteredAgency const& agency,
                      Account const& account)
{
    auto const amount = std::to_string(payment.amount.count());
    auto const words = transaction_words(notice.dossier_code);
    auto const proof = checksum({"INIT", version, account.partner, payment.reference, amount, "PAY", "1", "1", "vi-VN", "VND", "PAYMENT",
                                 words, payment.sent_time, account.ip},
                                account.secret);
    json const receipt = {{"MaDichVu", "2"},
                          {"MaDVC", notice.procedure_code.empty() ? std::string() : notice.procedure_code + ".01"},
                          {"TenDVC", cut(notice.procedure_name_vi, name_max)},
                          {"MaTTHC", notice.procedure_code},
                          {"TenTTHC", cut(notice.procedure_name_vi, name_max)},
                          {"MaDonVi", agency.facts.code},
                          {"TenDonVi", cut(agency.facts.name_vi, name_max)},
                          {"MaHoSo", notice.dossier_code},
                          {"TKThuHuong", agency.account.account_number},
                          {"MaNHThuHuong", agency.account.bank_bin},
                          {"TenTKThuHuong", agency.account.holder_name},
                          {"HoTenNguoiNop", cut(notice.payer_name, name_max)},
                          {"SoCMNDNguoiNop", no_paper},
                          {"DiaChiNguoiNop", ""},
                          {"HuyenNguoiNop", ""},
                          {"TinhNguoiNop", ""},
                          {"NoiDungThanhToan", words},
                          {"PhiLePhi", fee_lines(notice)},
                          {"DSKhoanNop", parts(notice)}};
    json const body = {{"LoaiBanTin", "INIT"},
                       {"PhienBan", version},
                       {"MaDoiTac", account.partner},
                       {"MaThamChieu", payment.reference},
                       {"SoTien", amount},
                       {"LoaiHinhThanhToan", "PAY"},
                       {"MaKenhThanhToan", "1"},
                       {"MaThietBi", "1"},
                       {"NgonNgu", "vi-VN"},
                       {"MaTienTe", "VND"},
                       {"MaNganHang", "PAYMENT"},
                       {"ThongTinGiaoDich", words},
                       {"ThoiGianGD", payment.sent_time},
                       {"Ip", account.ip},
                       {"MaXacThuc", proof},
                       {"ThongTinBienLai", receipt}};
    return body.dump();
}

std::string query_body(fees::NationalPayment const& payment, Account const& account) { return question("QUERY", payment, account); }

std::string bill_body(fees::NationalPayment const& payment, Account const& account) { return question("GET_BILL", payment, account); }

NationalOpening read_opening(int status, std::string_view body)
{
    using Kind = NationalOpening::Kind;
    if (status != 200) {
        // A gateway's refusal of a caller; whatever else went wrong may have gone wrong after the payment was made.
        bool const is_refusal = status == 400 || status == 401 || status == 403 || status == 404;
        return {is_refusal ? Kind::refused : Kind::no_answer, "", status_word(status)};
    }
    auto const answer = read_object(body);
    if (!answer) return {Kind::no_answer, "", "unreadable"};
    auto const code = word(*answer, "error_code");
    if (code.empty()) return {Kind::no_answer, "", "unreadable"};
    if (code != "0") return {Kind::refused, "", kept(code, 40)};
    auto const message = inside(*answer);
    auto url = message ? word(*message, "UrlThanhToan") : std::string();
    if (!is_safe_address(url)) return {Kind::no_answer, "", "no_address"};
    return {Kind::opened, std::move(url), ""};
}

NationalResult read_query(int status, std::string_view body, fees::NationalPayment const& payment, Account const& account)
{
    NationalResult result;
    if (status != 200) {
        result.code = status_word(status);
        return result;
    }
    std::optional<json> answer;
    if (auto read = read_object(body)) answer = *std::move(read);
    if (answer && word(*answer, "TrangThaiGD").empty()) answer = inside(*answer);
    auto const state = answer ? word(*answer, "TrangThaiGD") : std::string();
    if (state.empty()) {
        result.code = "unreadable";
        return result;
    }
    if (is_contradicted(*answer, payment, account)) {
        result.code = "differs";
        return result;
    }
    result.code = state == "3" ? std::string("not_known_yet") : kept(state, 40);
    if (state == "4") {
        result.kind = NationalResult::Kind::failed;
        result.code = "failed_there";
    }
    if (state != "1") return result;
    result.kind = NationalResult::Kind::paid;
    result.code = "paid";
    result.transaction = kept(word(*answer, "MaGiaoDich"), 100);
    result.bank = kept(word(*answer, "MaNganHang"), 40);
    // The time beside a state is the question's own; when it was paid a question does not say.
    return result;
}

NationalBillAnswer read_bill(int status, std::string_view body)
{
    if (status != 200) return {"", status_word(status)};
    if (!body.starts_with("%PDF-")) return {"", "not_a_pdf"};
    if (body.size() > bill_bytes_max) return {"", "too_large"};
    return {std::string(body), ""};
}

bool is_safe_address(std::string_view url)
{
    if (url.size() > 2000) return false;
    bool const is_printable = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '\\'; });
    if (!is_printable) return false;
    std::string_view const sealed = "https://";
    if (url.starts_with(sealed)) {
        auto const host = url.substr(sealed.size(), url.find_first_of("/?#", sealed.size()) - sealed.size());
        return !host.empty() && host.find('@') == host.npos;
    }
    for (std::string_view const here : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
        if (url.starts_with(here) && (url.size() == here.size() || url[here.size()] == ':' || url[here.size()] == '/')) {
            auto const rest = url.substr(here.size(), url.find('/', here.size()) - here.size());
            return rest.find('@') == rest.npos;
        }
    }
    return false;
}

std::optional<Instant> read_time(std::string_view t)
{
    bool const is_digits = t.size() == 14 && std::ranges::all_of(t, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_digits) return std::nullopt;
    auto const at = [&](std::size_t from, std::size_t length) { return std::string(t.substr(from, length)); };
    auto const read = parse_local_time(at(0, 4) + '-' + at(4, 2) + '-' + at(6, 2) + ' ' + at(8, 2) + ':' + at(10, 2) + ':' + at(12, 2));
    if (!read) return std::nullopt;
    return *read;
}

std::string write_time(Instant at)
{
    std::string digits;
    for (char const c : to_local_time(at)) {
        if (c >= '0' && c <= '9') digits += c;
    }
    return digits;
}

}  // namespace cho40::national_pay
