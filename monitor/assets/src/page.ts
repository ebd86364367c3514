// On every page of the monitor: htmx, told to stay within the Content-Security-Policy.
import htmx from "htmx.org";
import "./leaving";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.attributesToSettle = ["class"]; // a text box drawn larger by hand has a style: the policy forbids copying it
htmx.config.historyCacheSize = 0; // what a monitor saw does not stay on the machine
htmx.config.refreshOnHistoryMiss = true;
document.documentElement.classList.add("scripted");
