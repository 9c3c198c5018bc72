import { createRoot } from "react-dom/client";
import { Api } from "./api/client.js";
import { App } from "./pages/App.js";
import { followLook, openPreferences } from "./ui/preferences.js";
import "./ui/style.css";

openPreferences(null);
followLook();

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App api={new Api()} />);
