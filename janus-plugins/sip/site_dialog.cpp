#include "sip/site_dialog.hpp"

#include "util/log.hpp"

namespace genesys::sip {
namespace {

/// Said by the site and not by whom is called, as long as nothing has rung.
bool ofTheSite(int status) {
  return (status >= 300 && status <= 302) || status == 503 || status == 603;
}

}  // namespace

SiteDialog::SiteDialog(std::unique_ptr<Dialog> first, Make peer)
    : dialog_(std::move(first)), peer_(std::move(peer)) {
  dialog_->setOwner(this);
}

SiteDialog::~SiteDialog() {
  dialog_->setOwner(nullptr);
}

void SiteDialog::invite(const DialogBody& body) {
  if (peer_) body_ = body;
  dialog_->invite(body);
}

void SiteDialog::cancel() {
  peer_ = nullptr;
  dialog_->cancel();
}

void SiteDialog::onDialogEvent(const DialogEvent& event) {
  if (takePeer(event)) return;
  if (owner_ != nullptr) owner_->onDialogEvent(event);
}

bool SiteDialog::takePeer(const DialogEvent& event) {
  const auto* answered = std::get_if<InviteAnswered>(&event);
  if (answered == nullptr || !peer_) return false;
  const int status = answered->message.status;
  if (status > 100) {
    const Make peer = std::exchange(peer_, nullptr);
    if (!ofTheSite(status)) return false;
    logWarning("a call is refused with {} {}: its peer site is tried", status,
               answered->message.phrase);
    left_ = std::exchange(dialog_, peer());
    left_->setOwner(nullptr);
    dialog_->setOwner(this);
    dialog_->invite(body_);
    return true;
  }
  return false;
}

}  // namespace genesys::sip
