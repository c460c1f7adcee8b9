#pragma once

#include <span>
#include <string_view>

namespace hpvmnet {

/// A file of page/, as the program was built with it.
struct EmbeddedFile {
  std::string_view name;
  std::string_view content;
};
extern const std::span<const EmbeddedFile> kEmbeddedFiles;

}  // namespace hpvmnet
