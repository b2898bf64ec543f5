#include "fees/receipt_files.h"

namespace cho40::fees {

boost::asio::awaitable<Result<bool>> SignReceipts::round()
{
    if (!papers_.can_sign()) co_return false;
    CHO_CO_TRY(auto waiting, co_await files_.unsigned_receipts(at_once));
    for (auto& stored : waiting) CHO_CO_TRY_DO(co_await file_of(std::move(stored)));
    co_return waiting.size() == at_once;
}

boost::asio::awaitable<Result<SignedFile>> SignReceipts::file_of(StoredReceipt stored)
{
    auto const id = stored.receipt.id;
    CHO_CO_TRY(auto kept, co_await files_.file_of(stored.book, id));
    if (kept) co_return *std::move(kept);
    auto const book = stored.book;
    CHO_CO_TRY(auto file, co_await papers_.sign_receipt(std::move(stored.receipt)));
    ledger::Command command(book);
    // Two who sign at once make two files; one is kept, and both are answered with that one.
    command.guards.push_back({make_derived_uuid({"receipt file", id.uuid.to_string()}), 0, 1});
    command.rows.push_back(std::make_shared<NewReceiptFile>(book, id, file));
    auto const written = co_await ledger_.submit(std::move(command));
    if (written) co_return file;
    if (written.error().code != Errc::stale) co_return tl::unexpected<Error>(written.error());
    CHO_CO_TRY(auto winner, co_await files_.file_of(book, id));
    if (!winner) co_return tl::unexpected<Error>(written.error());
    co_return *std::move(winner);
}

}  // namespace cho40::fees
