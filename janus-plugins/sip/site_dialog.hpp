// An outgoing call's dialog that tries the peer site when the first one will not carry the call: a
// SIP Server that shuts down rejects new calls with 603, or sends them to its peer by 300-302
// (dialect, section 1). The call above it sees one dialog. SIP loop.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "sip/dialog.hpp"

namespace genesys::sip {

class SiteDialog : public Dialog, private DialogOwner {
 public:
  using Make = std::function<std::unique_ptr<Dialog>()>;

  /// `peer` makes the dialog with the peer site; it is asked once at most.
  SiteDialog(std::unique_ptr<Dialog> first, Make peer);
  ~SiteDialog() override;

  void setOwner(DialogOwner* owner) override { owner_ = owner; }
  void invite(const DialogBody& body) override;
  void respond(int status, const char* phrase, const DialogBody& body) override {
    dialog_->respond(status, phrase, body);
  }
  void respondToUpdate(int status, const char* phrase, const DialogBody& body) override {
    dialog_->respondToUpdate(status, phrase, body);
  }
  void respondToRefer(int status, const char* phrase) override {
    dialog_->respondToRefer(status, phrase);
  }
  void send(const DialogRequest& request) override { dialog_->send(request); }
  void cancel() override;
  void bye(const std::string& reason) override { dialog_->bye(reason); }

 private:
  void onDialogEvent(const DialogEvent& event) override;
  bool takePeer(const DialogEvent& event);

  std::unique_ptr<Dialog> dialog_;
  std::unique_ptr<Dialog> left_;  ///< with the first site: it may be telling this very event
  Make peer_;                     ///< empty: there is no second try any more
  DialogBody body_;               ///< of the INVITE
  DialogOwner* owner_ = nullptr;
};

}  // namespace genesys::sip
