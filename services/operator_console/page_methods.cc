#include "operator_console/page_methods.h"

namespace siren {

std::map<std::string, web_gate_options::method> page_methods(page_services const& of) {
  return {{"/siren.console.v1.ConsoleService/WatchPicture", {of.console, true}},
          {"/siren.console.v1.ConsoleService/ListMoments", {of.console}},
          {"/siren.console.v1.ConsoleService/GetMoment", {of.console}},
          {"/siren.console.v1.ConsoleService/ListRecord", {of.console}},
          {"/siren.alerts.v1.AlarmService/RaiseAlarm", {of.engine}},
          {"/siren.alerts.v1.AlarmService/ClearAlarm", {of.engine}},
          {"/siren.alerts.v1.AlarmService/ProposeAlarm", {of.engine}},
          {"/siren.alerts.v1.AlarmService/ListAlarmProposals", {of.engine}},
          {"/siren.alerts.v1.AlarmService/ApproveAlarm", {of.engine}},
          {"/siren.alerts.v1.AlarmService/CancelAlarm", {of.engine}},
          {"/siren.shelters.v1.ShelterService/UpdateShelter", {of.registry}},
          {"/siren.shelters.v1.ShelterService/ReportOccupancy", {of.registry}},
          {"/siren.shelters.v1.ConditionsService/GetConditions", {of.registry}},
          {"/siren.shelters.v1.ConditionsService/SetConditions", {of.registry}}};
}

}  // namespace siren
