#include "plugin/host/elf_file.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <system_error>

#include <elf.h>
#include <fmt/format.h>

namespace hpvmnet {
namespace {

template <class Header>
std::optional<Header> read_at(std::ifstream& file, std::uint64_t offset) {
  Header header{};
  file.seekg(static_cast<std::streamoff>(offset));
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
  return header;
}

bool is_elf(const Elf64_Ehdr& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_phentsize == sizeof(Elf64_Phdr);
}

// Sums that do not overflow, whatever the headers say.
bool lies_within(std::uint64_t size, std::uint64_t offset, std::uint64_t length) {
  return offset <= size && length <= size - offset;
}

bool all_segments_are_there(std::ifstream& file, const Elf64_Ehdr& header, std::uint64_t size) {
  const std::uint64_t length = std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr);
  if (!lies_within(size, header.e_phoff, length)) return false;
  for (std::uint64_t at = header.e_phoff; at < header.e_phoff + length; at += sizeof(Elf64_Phdr)) {
    const auto segment = read_at<Elf64_Phdr>(file, at);
    if (!segment) return false;
    if (segment->p_type == PT_LOAD && !lies_within(size, segment->p_offset, segment->p_filesz)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Status check_not_cut_off(const std::filesystem::path& path) {
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) return {};
  const auto header = read_at<Elf64_Ehdr>(file, 0);
  if (!header || !is_elf(*header) || all_segments_are_there(file, *header, size)) return {};
  return fail(ErrorCode::failed_precondition,
              fmt::format("it is cut off after {} bytes; install it anew", size));
}

}  // namespace hpvmnet
