#pragma once
#include "etax/returns.h"
#include <string>

namespace cho40::stores {

// Figures and refusals of a return as they stand in the database.
[[nodiscard]] std::string figures_text(etax::ReturnFigures const& figures);
[[nodiscard]] etax::ReturnFigures read_figures(std::string const& text);
[[nodiscard]] std::string refusals_text(std::vector<etax::NoticeReason> const& reasons);
[[nodiscard]] std::vector<etax::NoticeReason> read_refusals(std::string const& text);

}  // namespace cho40::stores
