#pragma once
#include "reconcile/file_register.h"
#include <filesystem>

// A folder of reconciliation input: internal.csv, provider*.csv, bank*.csv or camt053.xml, imports.csv and, where there
// are questions about several moments, expected.json.
namespace cho40::statements {

struct Import {
    int seq = 0;
    reconcile::ImportedFile file;
};

// A moment at which the result is asked for.
struct Checkpoint {
    Instant as_of;
    int imports_up_to_seq = 0;
};

struct CaseFolder {
    std::vector<Import> imports;          // by seq
    std::vector<Checkpoint> checkpoints;
};

// Reads the folder. Of expected.json only as_of and imports_up_to_seq are used; without it there is one checkpoint after
// the last import, at the next hour at which provider files are due (10:00 local). A provider or bank file that cannot be
// read is kept as damaged (FILE_INTEGRITY), an internal snapshot that cannot be read is an error.
// Errors: not_found (folder or file), invalid_csv, invalid_input, invalid_date, invalid_json; the detail names the file.
[[nodiscard]] Result<CaseFolder> read_case_folder(std::filesystem::path const& folder);

// Reads one file of a folder by its side and name.
[[nodiscard]] Result<reconcile::ImportedFile> read_case_file(std::filesystem::path const& path, reconcile::Side side);

// One row of imports.csv.
struct ImportRow {
    int seq;
    Instant received_at;
    reconcile::Side side;
    std::string file;
    Day business_date;
    int revision;
};
[[nodiscard]] std::string write_imports_csv(std::vector<ImportRow> const& rows);

}  // namespace cho40::statements
