#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

namespace hpvmnet {

/// A streaming call of a service whose messages are known by their bytes only. The call stays open
/// until the end of the object.
class GenericStream {
 public:
  GenericStream(std::shared_ptr<grpc::Channel> channel, const std::string& method)
      : stub_(std::move(channel)) {
    call_ = stub_.PrepareCall(&context_, method, &events_);
    call_->StartCall(this);
    wait();
  }
  ~GenericStream() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, this);
    wait();
    events_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (events_.Next(&tag, &ok)) continue;
  }
  GenericStream(const GenericStream&) = delete;
  GenericStream& operator=(const GenericStream&) = delete;

  /// Sends one message and returns the next one that comes back; empty if none does.
  std::string ask(const std::string& message) {
    const grpc::Slice slice(message);
    call_->Write(grpc::ByteBuffer(&slice, 1), this);
    if (!wait()) return {};
    grpc::ByteBuffer answer;
    call_->Read(&answer, this);
    if (!wait()) return {};
    std::vector<grpc::Slice> slices;
    answer.Dump(&slices);
    std::string bytes;
    for (const grpc::Slice& part : slices) bytes.append(part.begin(), part.end());
    return bytes;
  }

 private:
  bool wait() {
    void* tag = nullptr;
    bool ok = false;
    return events_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue events_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace hpvmnet
