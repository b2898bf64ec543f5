#include "adapters/http/problem.h"
#include "adapters/http/json_writer.h"
#include <array>
#include <nlohmann/json.hpp>

namespace cho40::http {
namespace {

constexpr auto fix = Retry::fix_and_retry;
constexpr auto no = Retry::do_not_retry;
constexpr auto same_key = Retry::retry_same_key;
constexpr auto later = Retry::retry_after;

// One row for each code, in the order of CHO40_ERROR_CODES. A new code without a row does not compile.
constexpr std::array problems = {
    // requests
    Problem{Errc::invalid_json, 400, fix, 0, "Nội dung gửi lên không phải JSON hợp lệ", "The body is not valid JSON"},
    Problem{Errc::invalid_input, 422, fix, 0, "Yêu cầu không hợp lệ", "The request is not valid"},
    Problem{Errc::validation_failed, 422, fix, 0, "Một số trường chưa đúng", "Some fields are wrong"},
    Problem{Errc::unknown_field, 422, fix, 0, "Có trường không nằm trong đặc tả", "A member is not known"},
    Problem{Errc::missing_idempotency_key, 400, fix, 0, "Thiếu khoá chống gửi trùng (Idempotency-Key)", "Idempotency-Key is missing"},
    Problem{Errc::invalid_cursor, 400, fix, 0, "Con trỏ trang không hợp lệ", "The cursor is not valid"},
    Problem{Errc::cursor_mismatch, 400, fix, 0, "Con trỏ trang thuộc về bộ lọc khác", "The cursor belongs to other filters"},
    Problem{Errc::unauthenticated, 401, fix, 0, "Chưa đăng nhập hoặc khoá truy cập không đúng", "No or bad credentials"},
    Problem{Errc::login_failed, 401, fix, 0, "Tên đăng nhập hoặc mật khẩu không đúng", "Wrong name or password"},
    Problem{Errc::login_expired, 401, fix, 0, "Phiên đăng nhập đã hết hạn", "The sign-in has expired"},
    Problem{Errc::key_revoked, 401, no, 0, "Khoá truy cập đã bị thu hồi", "The key was revoked"},
    Problem{Errc::forbidden, 403, no, 0, "Không có quyền thực hiện việc này", "Not allowed"},
    Problem{Errc::scope_missing, 403, no, 0, "Khoá truy cập không có phạm vi cần thiết", "The key lacks a scope"},
    Problem{Errc::csrf_failed, 403, fix, 0, "Trang đã cũ, hãy tải lại", "The page is out of date, load it again"},
    Problem{Errc::step_up_required, 403, fix, 0, "Cần xác nhận lại danh tính", "A fresh second factor is needed"},
    Problem{Errc::maker_cannot_check, 403, no, 0, "Người lập không được tự duyệt", "The maker cannot approve"},
    Problem{Errc::not_found, 404, no, 0, "Không tìm thấy", "Not found"},
    Problem{Errc::method_not_allowed, 405, fix, 0, "Phương thức không được hỗ trợ ở địa chỉ này", "Method not allowed here"},
    Problem{Errc::not_acceptable, 406, fix, 0, "Không có định dạng trả về như yêu cầu", "No acceptable representation"},
    Problem{Errc::unsupported_media_type, 415, fix, 0, "Kiểu nội dung gửi lên không được hỗ trợ", "Unsupported media type"},
    Problem{Errc::invalid_state, 409, no, 0, "Trạng thái hiện tại không cho phép việc này", "Not possible in the present state"},
    Problem{Errc::duplicate_client_ref, 409, no, 0, "Mã client_ref đã được dùng", "client_ref was used before"},
    Problem{Errc::request_in_progress, 409, later, 1, "Yêu cầu trùng khoá đang được xử lý", "The same request is still running"},
    Problem{Errc::version_mismatch, 412, fix, 0, "Dữ liệu đã được người khác thay đổi", "Somebody changed it meanwhile"},
    Problem{Errc::if_match_required, 428, fix, 0, "Cần gửi If-Match với phiên bản đã xem", "If-Match is required"},
    Problem{Errc::body_too_large, 413, fix, 0, "Nội dung gửi lên quá lớn", "The body is too large"},
    Problem{Errc::header_too_large, 431, fix, 0, "Phần đầu yêu cầu quá lớn", "The header is too large"},
    Problem{Errc::malformed_request, 400, fix, 0, "Yêu cầu HTTP không đọc được", "The request is malformed"},
    Problem{Errc::idempotency_key_reused, 422, fix, 0, "Khoá chống gửi trùng đã dùng cho yêu cầu khác", "Same key, different request"},
    Problem{Errc::idempotency_key_expired, 409, no, 0, "Khoá chống gửi trùng đã quá hạn lưu", "The key is older than the replay window"},
    Problem{Errc::rate_limited, 429, later, 1, "Gửi quá nhanh, hãy chờ một chút", "Too many requests"},
    Problem{Errc::internal_error, 500, same_key, 0, "Lỗi của hệ thống, chúng tôi đã ghi nhận", "An error of ours, it has been recorded"},
    Problem{Errc::upstream_error, 502, same_key, 0, "Hệ thống đối tác báo lỗi", "The other side failed"},
    Problem{Errc::upstream_timeout, 504, same_key, 0, "Hệ thống đối tác không trả lời kịp", "The other side was silent"},
    Problem{Errc::unavailable, 503, later, 2, "Tạm thời chưa phục vụ được, hãy thử lại", "Try again shortly"},
    Problem{Errc::maintenance, 503, later, 60, "Hệ thống đang bảo trì", "Under maintenance"},
    Problem{Errc::request_timeout, 408, later, 1, "Yêu cầu gửi lên quá chậm", "The request came too slowly"},
    Problem{Errc::uri_too_long, 414, fix, 0, "Địa chỉ quá dài", "The address is too long"},
    // one member of a request
    Problem{Errc::required, 422, fix, 0, "Thiếu trường bắt buộc", "A required member is missing"},
    Problem{Errc::wrong_type, 422, fix, 0, "Sai kiểu dữ liệu", "Wrong type"},
    Problem{Errc::too_small, 422, fix, 0, "Giá trị quá nhỏ", "Too small"},
    Problem{Errc::too_large, 422, fix, 0, "Giá trị quá lớn", "Too large"},
    Problem{Errc::text_too_short, 422, fix, 0, "Chuỗi quá ngắn", "The text is too short"},
    Problem{Errc::too_few, 422, fix, 0, "Quá ít phần tử", "Too few elements"},
    Problem{Errc::too_many, 422, fix, 0, "Quá nhiều phần tử", "Too many elements"},
    Problem{Errc::unknown_value, 422, fix, 0, "Giá trị không nằm trong danh mục", "Not one of the known values"},
    Problem{Errc::invalid_format, 422, fix, 0, "Sai định dạng", "Wrong format"},
    // values
    Problem{Errc::amount_overflow, 422, fix, 0, "Số tiền quá lớn", "The amount is too large"},
    Problem{Errc::amount_not_positive, 422, fix, 0, "Số tiền phải lớn hơn 0", "The amount must be more than 0"},
    Problem{Errc::invalid_utf8, 422, fix, 0, "Chuỗi không phải UTF-8", "The text is not UTF-8"},
    Problem{Errc::text_too_long, 422, fix, 0, "Chuỗi quá dài", "The text is too long"},
    Problem{Errc::invalid_date, 422, fix, 0, "Ngày giờ không hợp lệ", "Not a valid date or time"},
    Problem{Errc::invalid_period, 422, fix, 0, "Kỳ không hợp lệ", "Not a valid period"},
    Problem{Errc::invalid_csv, 422, fix, 0, "Tệp CSV không hợp lệ", "The CSV file is not valid"},
    Problem{Errc::invalid_config, 500, no, 0, "Cấu hình hệ thống không hợp lệ", "The configuration is not valid"},
    // ledger
    Problem{Errc::entry_unbalanced, 422, fix, 0, "Tổng nợ và tổng có không bằng nhau", "Debits and credits differ"},
    Problem{Errc::account_unknown, 422, fix, 0, "Không có tài khoản này trong sổ", "The account is not in the book"},
    Problem{Errc::account_closed, 409, no, 0, "Tài khoản đã đóng", "The account is closed"},
    Problem{Errc::insufficient_funds, 409, no, 0, "Số dư không đủ", "Not enough money"},
    Problem{Errc::limit_exceeded, 409, no, 0, "Vượt hạn mức", "Over the limit"},
    Problem{Errc::transfer_differs, 409, no, 0, "Bút toán cùng mã nhưng khác nội dung", "Same transfer id, different content"},
    Problem{Errc::stale, 409, fix, 0, "Dữ liệu đã cũ, hãy đọc lại", "Out of date, read it again"},
    Problem{Errc::writer_lost, 503, later, 2, "Sổ đang chuyển máy ghi, hãy thử lại", "The book is changing its writer, try again"},
    Problem{Errc::queue_full, 503, later, 1, "Hàng đợi ghi sổ đang đầy, hãy thử lại", "The posting queue is full, try again"},
    Problem{Errc::linked_failed, 409, no, 0, "Bút toán đi kèm bị từ chối", "A linked transfer was refused"},
    Problem{Errc::books_broken, 500, no, 0, "Sổ không cân, đã dừng ghi", "The books do not balance, posting has stopped"},
    Problem{Errc::pending_not_found, 404, no, 0, "Không có khoản giữ này", "There is no such hold"},
    Problem{Errc::pending_finished, 409, no, 0, "Khoản giữ đã kết thúc", "The hold is finished"},
    Problem{Errc::pending_expired, 409, no, 0, "Khoản giữ đã hết hạn", "The hold has expired"},
    // qr and rails
    Problem{Errc::qr_invalid, 422, fix, 0, "Mã QR không hợp lệ", "The QR payload is not valid"},
    Problem{Errc::unknown_rail, 404, no, 0, "Không có kênh thanh toán này", "There is no such rail"},
    Problem{Errc::bad_signature, 401, no, 0, "Chữ ký không đúng", "The signature is wrong"},
    Problem{Errc::bad_token, 401, fix, 0, "Mã truy cập không đúng hoặc đã hết hạn", "The token is wrong or has expired"},
    Problem{Errc::unknown_receiving_account, 422, no, 0, "Không phải tài khoản nhận của hệ thống", "Not one of our receiving accounts"},
    Problem{Errc::currency_not_vnd, 422, fix, 0, "Chỉ nhận đồng Việt Nam (VND)", "Only VND is accepted"},
    Problem{Errc::duplicate_bank_reference, 409, no, 0, "Mã giao dịch ngân hàng đã có với nội dung khác",
            "The bank reference is known with other content"},
    Problem{Errc::code_exhausted, 503, later, 5, "Chưa tạo được mã đơn, hãy thử lại", "No free order code, try again"},
    Problem{Errc::amount_exceeds_refundable, 409, no, 0, "Số tiền hoàn lớn hơn số còn được hoàn",
            "The amount is more than what can still be refunded"},
    // fees
    Problem{Errc::fee_unknown, 422, fix, 0, "Không có loại phí này", "There is no such fee"},
    Problem{Errc::fee_amount_unknown, 422, fix, 0, "Chưa xác định được mức phí", "The amount of the fee is not known"},
    Problem{Errc::fee_rate_ambiguous, 422, fix, 0, "Có nhiều mức phí cùng áp dụng được", "More than one rate applies"},
    Problem{Errc::notice_not_payable, 409, no, 0, "Thông báo phí không còn nhận thanh toán", "The notice can no longer be paid"},
    Problem{Errc::series_exhausted, 409, no, 0, "Ký hiệu biên lai đã hết số", "The receipt series has no numbers left"},
    Problem{Errc::receipt_not_found, 404, no, 0, "Không có biên lai này", "There is no such receipt"},
    Problem{Errc::not_a_fee, 422, fix, 0, "Khoản này là giá dịch vụ, không phải phí hay lệ phí",
            "This is a price with VAT, not a fee or charge"},
    // reconciliation and statements
    Problem{Errc::xml_malformed, 422, fix, 0, "Tệp XML không đúng cấu trúc", "The XML is not well formed"},
    Problem{Errc::xml_forbidden, 422, fix, 0, "Tệp XML chứa phần không được phép", "The XML contains what is not allowed"},
    Problem{Errc::statement_missing, 422, fix, 0, "Tệp không chứa sao kê", "The file has no statement"},
    Problem{Errc::file_duplicate, 409, no, 0, "Tệp này đã được nhận", "This file was received before"},
    Problem{Errc::file_conflict, 409, no, 0, "Đã có tệp khác cho cùng ngày", "Another file for the same day exists"},
    Problem{Errc::file_integrity, 422, fix, 0, "Tổng trong tệp không khớp các dòng", "The file's totals do not match its lines"},
    Problem{Errc::equation_failed, 409, no, 0, "Phương trình đối soát không đúng", "A reconciliation equation does not hold"},
    // etax
    Problem{Errc::tax_code_invalid, 422, fix, 0, "Mã số thuế không hợp lệ", "The tax code is not valid"},
    Problem{Errc::tax_group_unknown, 422, fix, 0, "Chưa xác định nhóm ngành tính thuế", "The activity group is not known"},
    Problem{Errc::rate_missing, 422, no, 0, "Không có tỷ lệ hoặc thuế suất cho thời điểm này", "There is no rate for this day"},
    Problem{Errc::period_not_open, 409, no, 0, "Kỳ tính thuế chưa mở", "The period is not open yet"},
    Problem{Errc::period_closed, 409, no, 0, "Kỳ đã khoá sổ", "The period is closed"},
    Problem{Errc::nothing_to_file, 409, no, 0, "Không có gì phải kê khai", "There is nothing to file"},
    Problem{Errc::form_version_missing, 409, no, 0, "Chưa có mẫu tờ khai cho kỳ này", "There is no form version for this period"},
    Problem{Errc::signature_invalid, 422, no, 0, "Chữ ký số không hợp lệ", "The digital signature is not valid"},
    Problem{Errc::signing_failed, 502, same_key, 0, "Chưa ký số được", "Signing failed"},
    Problem{Errc::certificate_mismatch, 422, fix, 0, "Chứng thư số không khớp người ký", "The certificate does not belong to the signer"},
    Problem{Errc::already_filed, 409, no, 0, "Tờ khai của kỳ này đã được nộp", "This period was filed before"},
    Problem{Errc::notice_unreadable, 502, no, 0, "Không đọc được thông báo của cơ quan thuế", "The tax authority's notice cannot be read"},
};

#define CHO40_ONE(name) +1
constexpr std::size_t code_count = 0 CHO40_ERROR_CODES(CHO40_ONE);
#undef CHO40_ONE

constexpr bool rows_follow_the_codes()
{
    if (problems.size() != code_count) return false;
    for (std::size_t i = 0; i < problems.size(); ++i) {
        auto const& row = problems[i];
        if (row.code != static_cast<Errc>(i) || row.status < 400 || row.status > 599) return false;
        if ((row.retry == Retry::retry_after) != (row.after_seconds > 0)) return false;
        if (row.title_vi.empty() || row.title_en.empty()) return false;
    }
    return true;
}
static_assert(rows_follow_the_codes());

// 500 says nothing about the inside, whoever wrote the detail.
bool keeps_quiet(Problem const& problem) { return problem.status == 500; }

}  // namespace

std::string_view retry_name(Retry retry)
{
    switch (retry) {
    case Retry::do_not_retry: return "do_not_retry";
    case Retry::retry_same_key: return "retry_same_key";
    case Retry::retry_after: return "retry_after";
    case Retry::fix_and_retry: return "fix_and_retry";
    }
    return "do_not_retry";
}

Problem const& problem_of(Errc code) { return problems.at(static_cast<std::size_t>(code)); }

std::span<Problem const> all_problems() { return problems; }

Response problem_response(Error const& error, ProblemContext const& context)
{
    auto const& row = problem_of(error.code);
    bool const vietnamese = context.language == Language::vi;
    auto const title_of = [&](Problem const& p) { return vietnamese ? p.title_vi : p.title_en; };
    auto const name = errc_name(error.code);

    std::string detail(title_of(row));
    if (!keeps_quiet(row)) {
        auto const& text = vietnamese ? error.detail_vi : error.detail;
        if (!text.empty()) detail = text;
    }

    nlohmann::json body = {
        {"type", std::string(problem_type_base) + std::string(name)},
        {"title", title_of(row)},
        {"status", row.status},
        {"detail", detail},
        {"instance", context.instance},
        {"code", name},
        {"request_id", context.request_id},
        {"retry", {{"advice", retry_name(row.retry)}}},
    };
    auto const after = context.after_seconds.value_or(row.after_seconds);
    if (row.retry == Retry::retry_after) body["retry"]["after_seconds"] = after;
    if (context.current_version) body["current_version"] = *context.current_version;

    auto const add_field = [&](std::string const& pointer, Errc code, std::string text, std::optional<std::int64_t> limit) {
        if (text.empty()) text = title_of(problem_of(code));
        nlohmann::json field = {{"pointer", pointer}, {"code", errc_name(code)}, {"detail", std::move(text)}};
        if (limit) field["limit"] = *limit;
        body["errors"].push_back(std::move(field));
    };
    if (!keeps_quiet(row)) {
        for (auto const& field : error.fields) {
            add_field(field.pointer, field.code, vietnamese ? field.detail_vi : field.detail, field.limit);
        }
        if (error.fields.empty() && !error.pointer.empty()) {
            add_field(error.pointer, error.code, vietnamese ? error.detail_vi : error.detail, {});
        }
    }

    auto response = Response::bytes(dump_json(body), "application/problem+json; charset=utf-8", row.status);
    response.headers.add("Content-Language", vietnamese ? "vi" : "en");
    // The standing advice also goes with 429 and 503 whose row is not retry_after; there is none today, but the header
    // is owed by status (api-conventions §14.1).
    if (row.retry == Retry::retry_after || row.status == 429 || row.status == 503) {
        response.headers.add("Retry-After", std::to_string(after));
    }
    if (row.status == 401) response.headers.add("WWW-Authenticate", "Bearer realm=\"cho40\"");
    return response;
}

Response problem_response(Error const& error, Request const& request)
{
    return problem_response(error, ProblemContext{request.path, request.request_id, request.language, {}, {}});
}

}  // namespace cho40::http
