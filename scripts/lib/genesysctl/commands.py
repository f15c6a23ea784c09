"""status, dn and call."""

from .output import as_json, facts, seconds, table, yes


def show(asked, answer, text: str) -> None:
    print(as_json(answer) if asked.json else text)


def status(admin, asked) -> int:
    answer = admin.plugin("status")

    def server(name):
        if name not in answer:
            return None
        known = {True: "answers", False: "does not answer", None: "not asked yet"}
        return f"{answer[name]} ({known[answer.get(name + '_answers')]})"

    show(asked, answer, facts((
        ("DNs", f"{answer['dns']}, {answer['registered']} registered, {answer['failed']} failed"),
        ("pages", answer["pages"]),
        ("calls", answer["calls"]),
        ("draining", yes(answer["draining"])),
        ("SIP Server", server("server") or "not known yet: DNS gives no address"),
        ("second site", server("second_server")),
        ("connection", answer.get("connection_fault")),
        ("RTP ports used", f"{answer['rtp_ports_used']} of {answer['rtp_ports']} pairs"),
        ("calls refused", f"{answer['denied_destinations']} by the dial plan, "
                          f"{answer['limited_calls']} by limits, {answer['rejected_calls']} from outside, "
                          f"{answer['refused_flood']} in a flood"),
        ("strangers' packets", answer["dropped_strangers"]))))
    return 0


def dn_list(admin, asked) -> int:
    dns = admin.plugin("list_dns")["dns"]
    if asked.out_of_service:
        dns = [dn for dn in dns if not dn["in_service"]]
    rows = [(dn["dn"], dn["registration"], dn["cause"], dn["subject"] or "-", yes(dn["page"]))
            for dn in dns]
    show(asked, {"dns": dns}, table(("DN", "REGISTRATION", "CAUSE", "AGENT", "PAGE"), rows))
    return 0


def dn_text(dn: dict) -> str:
    text = dn["why"] + "\n" + facts((
        ("registration", dn["registration"]),
        ("at the sites", ", ".join(dn["sites"]) if "sites" in dn else None),
        ("last SIP status", dn["code"] or None),
        ("agent", dn["subject"] or "-"),
        ("page open", yes(dn["page"]))))
    return text + "".join("\n\n" + call_text(call) for call in dn["calls"])


def dn_show(admin, asked) -> int:
    dn = admin.plugin("show_dn", dn=asked.dn)
    show(asked, dn, dn_text(dn))
    return 0 if dn["in_service"] else 1


def dn_register(admin, asked) -> int:
    dn = admin.plugin("register_dn", dn=asked.dn)
    show(asked, dn, dn["why"])
    return 0


def dn_unregister(admin, asked) -> int:
    dn = admin.plugin("unregister_dn", dn=asked.dn)
    show(asked, dn, dn["why"])
    return 0


def call_list(admin, asked) -> int:
    calls = admin.plugin("list_calls")["calls"]
    rows = [(call["call_id"], call["dn"], call["direction"], call["state"], seconds(call["age"]),
             call["username"]) for call in calls]
    show(asked, {"calls": calls}, table(("CALL", "DN", "WAY", "STATE", "AGE", "FAR END"), rows))
    return 0


def way_text(way: dict) -> str:
    quality = f", MOS {way['mos']:.1f}" if "mos" in way else ""
    return (f"{way['packets']} packets, {way['lost']} lost, {way['late']} late, "
            f"jitter {way['jitter_ms']} ms{quality}")


def call_text(call: dict) -> str:
    media = call.get("sip_media", {})
    return facts((
        ("call", call["call_id"]),
        ("DN", f"{call['dn']} ({call['direction']})"),
        ("far end", call["username"]),
        ("state", call["state"]),
        ("age", f"{seconds(call['age'])}, answered {seconds(call['answered'])}"),
        ("UUID", call["uuid"] or None),
        ("SIP Call-ID", call["sip_call_id"] or None),
        ("codecs", f"{call['sip_codec'] or '-'} at SIP's side, {call['browser_codec'] or '-'} at the browser's"),
        ("SRTP", call["srtp"] or None),
        ("recording", call.get("recording")),
        ("received", way_text(media["received"]) if media else None),
        ("sent", way_text(media["sent"]) if media else None)))


def call_show(admin, asked) -> int:
    call = admin.plugin("show_call", call_id=asked.call_id)
    show(asked, call, call_text(call))
    return 0


def call_hangup(admin, asked) -> int:
    call = admin.plugin("hangup_call", call_id=asked.call_id)
    show(asked, call, f"Call {call['call_id']} of DN {call['dn']} with {call['username']} is ended.")
    return 0
