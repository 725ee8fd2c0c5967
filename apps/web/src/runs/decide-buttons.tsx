import { Check, X } from "lucide-react";
import { Button, type ButtonSize } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

export interface DecideButtonsProps {
  /** What is decided about, for whoever does not see it. */
  readonly title: string;
  readonly size?: ButtonSize;
  readonly disabled?: boolean;
  readonly onDecide: (approve: boolean) => void;
}

/** What a person answers to a step that waits for one. */
export function DecideButtons({ title, size = "small", disabled, onDecide }: DecideButtonsProps) {
  return (
    <span className="flex gap-1 *:flex-1">
      <Button
        variant="primary"
        size={size}
        disabled={disabled}
        aria-label={`Approve, ${title}`}
        onClick={() => onDecide(true)}
      >
        <Icon of={Check} size={12} />
        Approve
      </Button>
      <Button
        variant="line"
        size={size}
        disabled={disabled}
        aria-label={`Decline, ${title}`}
        onClick={() => onDecide(false)}
      >
        <Icon of={X} size={12} />
        Decline
      </Button>
    </span>
  );
}
