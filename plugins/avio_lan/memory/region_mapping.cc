#include "avio_lan/memory/region_mapping.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace hpvmnet::avio_lan {
namespace {

constexpr std::uint32_t kHugetlbfs = HUGETLBFS_MAGIC;

/// File systems whose pages this host's kernel provides without asking anybody.
constexpr std::array<std::uint32_t, 6> kLocalFileSystems{
    TMPFS_MAGIC,  // memfd and /dev/shm
    kHugetlbfs,  RAMFS_MAGIC, EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC,
};

/// What the kernel says of a file.
struct FileFacts {
  std::uint64_t size = 0;
  std::uint64_t page_size = 0;  ///< borders of mappings
};

Result<FileFacts> examine(const Fd& file) {
  struct stat status {};
  struct statfs system {};
  if (::fstat(file.get(), &status) != 0 || ::fstatfs(file.get(), &system) != 0) {
    return system_failure("its file cannot be examined", errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::invalid_argument,
                "its file is not a regular file; use memory-backend-memfd with share=on");
  }
  const auto type = static_cast<std::uint32_t>(system.f_type);
  if (std::ranges::find(kLocalFileSystems, type) == kLocalFileSystems.end()) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("its file is on a file system (type {:#x}) that could keep the switch "
                            "waiting; use memory-backend-memfd with share=on",
                            type));
  }
  const auto page_size = type == kHugetlbfs ? static_cast<std::uint64_t>(system.f_bsize)
                                            : static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return FileFacts{static_cast<std::uint64_t>(status.st_size), page_size};
}

}  // namespace

Result<std::shared_ptr<const RegionMapping>> RegionMapping::map(const Fd& file,
                                                                std::uint64_t offset,
                                                                std::uint64_t size,
                                                                int loss_event) {
  const auto facts = examine(file);
  if (!facts) return tl::unexpected(facts.error());
  const auto origin = origin_of(file, offset);
  if (!origin) return tl::unexpected(origin.error());
  if (offset > facts->size || size > facts->size - offset) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("its file has {:#x} bytes, too few for {:#x} bytes at offset {:#x}",
                            facts->size, size, offset));
  }
  // File sizes are below 2^63, so nothing below wraps around.
  const std::uint64_t lead = offset % facts->page_size;
  const std::uint64_t length =
      (lead + size + facts->page_size - 1) / facts->page_size * facts->page_size;
  void* const begin = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                             file.get(), static_cast<off_t>(offset - lead));
  if (begin == MAP_FAILED) return system_failure("its file cannot be mapped", errno);
  ::madvise(begin, length, MADV_DONTDUMP);
  return std::make_shared<const RegionMapping>(Private{}, *origin, begin, length, lead, loss_event);
}

Result<RegionMapping::Origin> RegionMapping::origin_of(const Fd& file, std::uint64_t offset) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    return system_failure("its file cannot be examined", errno);
  }
  return Origin{status.st_dev, status.st_ino, offset};
}

RegionMapping::~RegionMapping() {
  guard_.reset();
  ::munmap(begin_, length_);
}

}  // namespace hpvmnet::avio_lan
