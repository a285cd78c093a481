"""A plan as a person reads it: how much by host and kind, then every address in order with its reason."""

from collections import Counter

from scraper.console import safe
from scraper.plan import REASONS, Plan


def plan_text(plan: Plan) -> str:
    """What a run would ask for. Text from pages is shown as text."""
    lines = [f"A run now would ask for {plan.pages} pages and {len(plan.addresses) - plan.pages} other addresses:"]
    for host, kinds in plan.counts.items():
        lines.append(f"  {safe(host)}: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    reasons = Counter(planned.reason for planned in plan.addresses)
    lines += [f"  {count:6d}  {reason}: {REASONS[reason]}" for reason, count in reasons.most_common()]
    for host, count in plan.out_of_scope.items():
        lines.append(f"  {count} more wait for {safe(host)}, which is neither a start nor an allowed host now")
    for host, count in plan.forbidden.items():
        lines.append(f"  {count} more are forbidden by the robots.txt of {safe(host)}, which is asked for anew first")
    lines.append("In this order, each host beside the others; what these pages lead to comes besides:")
    for planned in plan.addresses:
        detail = f" ({safe(planned.detail)})" if planned.detail else ""
        lines.append(f"{planned.reason}{detail}  {planned.kind}  {safe(planned.url)}")
    return "\n".join(lines)
