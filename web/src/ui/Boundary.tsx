import { Component, type ReactNode } from "react";

interface Props {
  /** What stands here, as a person would call it: "The panel". */
  readonly name: string;
  /** What to do before it is shown again. */
  readonly onAgain?: () => void;
  readonly children: ReactNode;
}

/** Keeps a fault of one part from taking the page down: the picture, the keys and what was drawn go on. */
export class Boundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="broken" role="alert">
        <p><b>{this.props.name} has failed.</b> Your work is safe, and everything else goes on.</p>
        <button onClick={() => { this.props.onAgain?.(); this.setState({ failed: false }); }}>Show again</button>
      </div>
    );
  }
}
