#include "remote/trust.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <unistd.h>

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;

// Files that belong together are written one after the other.
constexpr auto kSettling = 200ms;
constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_CREATE;

tl::unexpected<Error> no_memory_file() {
  return system_failure("cannot keep TLS files in memory", errno);
}

// Puts a text behind a descriptor, in place of what was there, at once.
Status put(const std::string& text, Fd& behind) {
  Fd fresh(::memfd_create("hpvmnetd-tls", MFD_CLOEXEC));
  if (!fresh) return no_memory_file();
  if (::write(fresh.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return no_memory_file();
  }
  if (!behind) {
    behind = std::move(fresh);
    return {};
  }
  return ::dup3(fresh.get(), behind.get(), O_CLOEXEC) < 0 ? Status(no_memory_file()) : Status();
}

std::string path_of(const Fd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

}  // namespace

Trust::Trust(std::filesystem::path directory, EventLoop& loop, Log& log)
    : directory_(std::move(directory)), loop_(loop), log_(log) {}

Result<std::unique_ptr<Trust>> Trust::open(const std::filesystem::path& directory, EventLoop& loop,
                                           Log& log) {
  std::unique_ptr<Trust> trust(new Trust(directory, loop, log));
  trust->watch();  // before reading, so that no change is missed
  auto files = load_tls_files(directory);
  if (!files) return tl::unexpected(files.error());
  if (Status published = trust->publish(*std::move(files)); !published) {
    return tl::unexpected(published.error());
  }
  trust->paths_ = {path_of(trust->authorities_), path_of(trust->certificate_),
                   path_of(trust->key_)};
  return trust;
}

Status Trust::publish(TlsFiles files) {
  return put(files.authorities, authorities_)
      .and_then([&] { return put(files.certificate, certificate_); })
      .and_then([&] { return put(files.key, key_); })
      .map([&] {
        const std::lock_guard guard(lock_);
        files_ = std::move(files);
      });
}

void Trust::reload() {
  soon_.reset();
  watch();
  auto files = load_tls_files(directory_);
  if (files && *files == files_) return;
  const Status published =
      files ? publish(*std::move(files)) : Status(tl::unexpected(files.error()));
  if (published) {
    log_.info("took up the changed certificates and roles in {}", directory_.native());
  } else {
    log_.error("{}; certificates and roles stay as they were", published.error().text);
  }
}

std::optional<Access> Trust::access_of(std::span<const std::string> names) const {
  const std::lock_guard guard(lock_);
  return files_.roles.of(names);
}

// Anew each time, since another directory may have taken the name.
void Trust::watch() {
  Fd events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!events || ::inotify_add_watch(events.get(), directory_.c_str(), kEvents) < 0) {
    log_.warning("cannot watch {} for changes; send SIGHUP after one", directory_.native());
    return;
  }
  watching_.reset();
  events_ = std::move(events);
  watching_ = loop_.watch_readable(events_.get(), [this] { changed(); });
}

void Trust::changed() {
  std::array<char, 4096> ignored;
  while (::read(events_.get(), ignored.data(), ignored.size()) > 0) continue;
  soon_ = loop_.after(kSettling, [this] { reload(); });
}

}  // namespace hpvmnet
