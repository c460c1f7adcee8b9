#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "switch/passage.h"

namespace hpvmnet {

// Words for what the stages have found out about the only frame of a passage.

/// What a stage has found out, when the frame has passed it.
std::string explain(std::string_view stage, const Passage& passage);

/// What learn() would do.
std::string explain_learning(const Passage& passage);

/// How a receiver's tag differs from the one that the frame had; empty: not at all.
std::string explain_change(const Passage& passage, std::span<const std::byte> received);

/// Why a frame was dropped, beside what the reason's own text says; may be empty.
std::string because(Drop reason, const Passage& passage);

// Parts of sentences:
std::string destination_text(const Passage& passage);
std::string source_text(const Passage& passage);
std::string domain_text(Domain domain);
/// The number of the port where the destination was seen last, or MacTable::kUnknown.
std::uint16_t known_port(const Passage& passage);

}  // namespace hpvmnet
