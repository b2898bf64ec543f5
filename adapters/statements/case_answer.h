#pragma once
#include "adapters/statements/case_folder.h"
#include <functional>

namespace cho40::statements {

// What became of the files, and the result, at one moment.
struct CheckpointAnswer {
    Checkpoint checkpoint;
    std::vector<std::pair<int, reconcile::ImportResult>> imports;  // seq, result
    reconcile::RunResult result;
};

// Imports the files in order and runs the engine at every checkpoint. Takes the files out of the folder.
// Errors: those of reconcile_day.
[[nodiscard]] Result<std::vector<CheckpointAnswer>> answer_case(CaseFolder folder, reconcile::Settings const& settings);

// {"checkpoints":[…]} in the shape of expected.json; same answers, same bytes. Members named "why" are for people. The sink gets the
// text in parts.
using AnswerSink = std::function<void(std::string_view part)>;
void write_answers(std::vector<CheckpointAnswer> const& answers, AnswerSink const& sink);
[[nodiscard]] std::string write_answers(std::vector<CheckpointAnswer> const& answers);

}  // namespace cho40::statements
